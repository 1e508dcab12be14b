// Package publish sends targets to their networks, each at its moment and at
// most once (R58, R59).
//
// The path of a target:
//
//	Arm         it waits in this worker's memory for the exact moment
//	claim       whose connection, recorded with a deadline before anything is sent (R42, R43)
//	look        text, account and connection as they are after the claim
//	last check  right before the irreversible call: has anything moved, is there time (R64)
//	Publish     cannot start to write once the time to send has passed
//	settle      what the network answered becomes a command
//	Reconcile   after the deadline, when nobody knows how it ended (R59)
//
// A worker may die or freeze between any two of these steps. Before the call,
// nothing was sent, and the reconciler finds that out; after it, the network
// is asked before anything is sent again.
package publish

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/vault"
	"behalf/workers/issue"
	"behalf/workers/jobs"
	"behalf/workers/meter"
	"behalf/workers/publish/agenda"
)

// Deps is what publishing works with.
type Deps struct {
	Store    *eventstore.Store // under the engine's role, like the vault
	Vault    *vault.Vault
	Networks networks.Registry
	Meter    *meter.Meter
	Logger   *slog.Logger
	Now      func() time.Time

	Life   time.Duration // of a claim: nothing is sent once 3/5 of it have passed, no answer awaited after 4/5
	AtOnce int           // attempts at the same time in this worker
}

// Publisher runs the targets of one worker.
type Publisher struct {
	Deps
	desk   *issue.Desk
	agenda *agenda.Agenda[task]
}

// New makes a publisher. It does nothing until Run.
func New(deps Deps) *Publisher {
	p := &Publisher{Deps: deps, desk: issue.New(deps.Store, "publish", deps.Now)}
	p.agenda = agenda.New(deps.AtOnce, deps.Now, p.run)
	return p
}

// task is what waits for its moment: a target to be published or, with an
// attempt, one to be reconciled.
type task struct {
	target jobs.Target
	claim  jobs.Claim
	failed int // how many times it could not even be begun
}

// Arm has a target published at its moment.
func (p *Publisher) Arm(target jobs.Target) {
	target.Due = target.Due.UTC()
	p.arm(task{target: target}, target.Due)
}

// ArmReconcile has an attempt reconciled once its deadline has passed, unless
// it has ended by then.
func (p *Publisher) ArmReconcile(claim jobs.Claim) {
	claim.Deadline = claim.Deadline.UTC()
	p.arm(task{claim: claim}, claim.Deadline)
}

func (p *Publisher) arm(t task, at time.Time) {
	p.agenda.Arm(t, at)
	p.Meter.Armed(p.agenda.Len())
}

// Run publishes until ctx ends, then begins nothing more and lets what was
// begun end while work lasts. It returns what still waited for its moment.
func (p *Publisher) Run(ctx, work context.Context) []jobs.Job {
	p.agenda.Run(ctx, work)
	var left []jobs.Job
	for _, t := range p.agenda.Drain() {
		if t.claim.Attempt.IsZero() {
			left = append(left, jobs.Publish(t.target))
		} else {
			left = append(left, jobs.Reconcile(t.claim))
		}
	}
	p.Meter.Armed(0)
	return left
}

func (p *Publisher) run(ctx context.Context, t task) {
	defer func() {
		if broken := recover(); broken != nil { // one target's mistake is not everybody's end
			p.Logger.ErrorContext(ctx, "publishing broke", "post", t.post().String(), "panic", broken, "stack", string(debug.Stack()))
		}
	}()
	p.Meter.Armed(p.agenda.Len())
	var err error
	if t.claim.Attempt.IsZero() {
		err = p.publish(ctx, t.target)
	} else {
		err = p.reconcile(ctx, t.claim)
	}
	if err != nil {
		p.again(ctx, t, err)
	}
}

// patience is how many times a worker tries to begin or reconcile by itself;
// after that the sweeper brings the target back.
const patience = 6

// again puts off what could not be done now: Postgres or the network is away.
func (p *Publisher) again(ctx context.Context, t task, err error) {
	t.failed++
	p.Logger.WarnContext(ctx, "publishing is put off", "post", t.post().String(), "failed", t.failed, "error", err)
	if t.failed < patience && ctx.Err() == nil {
		pause := max(time.Second<<(t.failed-1), retryAfter(err))
		p.arm(t, p.Now().Add(pause))
	}
}

func (t task) post() interface{ String() string } {
	if t.claim.Attempt.IsZero() {
		return t.target.Post
	}
	return t.claim.Post
}

// ref names the attempt in commands.
func ref(claim jobs.Claim) post.AttemptRef {
	return post.AttemptRef{Post: claim.Post, Account: claim.Account, Attempt: claim.Attempt}
}
