// Package publish sends targets to their networks, each at its moment and at
// most once (R58, R59).
//
// The path of a target, and the room in which a step is at home:
//
//	Preflight   minutes before: connection, rights, limits, uploads, the invisible draft (R37, R44, R60)    prepare
//	Arm         it waits in this worker's memory, for its moment                                            agenda
//	sort        it waits in its network's lane, for its turn                                                lanes
//	claim       seconds before: whose connection, recorded with a deadline before anything is sent (R42, R43)
//	look        text, account and connection as they are after the claim; what is missing is prepared       sight, prepare
//	await       the exact moment, by the database's clock
//	last check  right before the irreversible call: has anything moved, is there time (R64)                 check
//	Publish     cannot start to write once the time to send has passed                                      call, pace
//	Settle      what the network answered becomes a command                                                 judge
//	Reconcile   after the deadline, when nobody knows how it ended (R59)                                    judge
//
// Where the network takes no posts from programs, the target is handed over at
// its moment instead of being claimed. What somebody deletes is removed from its
// network by removal.
//
// A worker may die or freeze between any two of these steps. Before the call,
// nothing was sent, and the reconciler finds that out; after it, the network
// is asked before anything is sent again.
package publish

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/internal/clock"
	"behalf/internal/media"
	"behalf/internal/networks"
	"behalf/internal/vault"
	"behalf/workers/issue"
	"behalf/workers/jobs"
	"behalf/workers/lend"
	"behalf/workers/meter"
	"behalf/workers/publish/agenda"
	"behalf/workers/publish/call"
	"behalf/workers/publish/check"
	"behalf/workers/publish/judge"
	"behalf/workers/publish/lanes"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/prepare"
	"behalf/workers/publish/removal"
	"behalf/workers/publish/shelf"
	"behalf/workers/publish/sight"
	"behalf/workers/quarantine"
)

// Deps is what publishing works with.
type Deps struct {
	Store    *eventstore.Store // under the engine's role, like the vault
	Vault    *vault.Vault
	Networks networks.Registry
	Persons  personal.Opener // opens what posts say
	Media    *media.Keeper   // nil: none are kept, and a post with some is not sent
	Shelf    *shelf.Shelf
	Pace     *pace.Pace
	Clock    *clock.Clock      // kept fresh by somebody else
	Watch    *quarantine.Watch // nil: the quarantine's row alone is gone by
	Meter    *meter.Meter
	Logger   *slog.Logger

	Life   time.Duration // of a claim, from its moment on: nothing is sent once 3/5 of it have passed, no answer awaited after 4/5
	AtOnce int           // calls to one network at the same time from this worker
	Sorted int           // tasks whose network is being looked up at the same time; 0: mostSorted
}

// Publisher runs the targets of one worker.
type Publisher struct {
	Deps
	desk    *issue.Desk
	agenda  *agenda.Agenda[task]
	checks  *check.Checks
	lanes   *lanes.Lanes
	uses    lend.Uses
	prepare *prepare.Preparer
	judge   *judge.Judge
	removal *removal.Remover
	reader  *sight.Reader
	calls   *call.Calls
	way     lanes.Way
	turns   sync.Map // that are waited for: of a turn
	begun   sync.WaitGroup
	dropped []task // that waited for their turn when everything ended
}

// New makes a publisher. It does nothing until Run.
func New(deps Deps) *Publisher {
	p := &Publisher{Deps: deps, desk: issue.New(deps.Store, "publish", deps.Clock.Now)}
	p.reader = &sight.Reader{Store: deps.Store, Networks: deps.Networks, Persons: deps.Persons, Media: deps.Media}
	p.calls = &call.Calls{Vault: deps.Vault, Pace: deps.Pace, Clock: deps.Clock, Logger: deps.Logger, Life: deps.Life}
	p.lanes = lanes.New(deps.AtOnce)
	p.checks = check.New(func(ctx context.Context, streams []domain.Stream) (eventstore.Seen, error) {
		return deps.Store.See(ctx, eventstore.Scope{}, streams)
	}, deps.Watch.Look, deps.Clock)
	p.prepare = &prepare.Preparer{
		Reader: p.reader, Calls: p.calls, Shelf: deps.Shelf, Desk: p.desk, Clock: deps.Clock, Watch: deps.Watch,
		Meter: deps.Meter, Logger: deps.Logger, Life: deps.Life,
	}
	p.judge = &judge.Judge{
		Reader: p.reader, Calls: p.calls, Prepare: p.prepare, Checks: p.checks, Shelf: deps.Shelf, Desk: p.desk, Clock: deps.Clock,
		Watch: deps.Watch, Meter: deps.Meter, Logger: deps.Logger, Life: deps.Life,
		Later: func(claim jobs.Claim, at time.Time) { p.arm(task{claim: claim}, at) },
	}
	p.removal = &removal.Remover{
		Reader: p.reader, Calls: p.calls, Lanes: p.lanes, Desk: p.desk, Clock: deps.Clock, Watch: deps.Watch, Meter: deps.Meter,
	}
	p.uses.Write = func(ctx context.Context, at map[domain.ConnectionID]time.Time) {
		if err := deps.Vault.Used(ctx, at); err != nil {
			deps.Logger.WarnContext(ctx, "when connections were used is not known", "error", err)
		}
	}
	if deps.Sorted == 0 {
		p.Sorted = mostSorted
	}
	p.agenda = agenda.New(p.Sorted, deps.Clock.Now, p.sort)
	return p
}

// mostSorted is how many tasks ask at once whose lane they belong in. None waits
// for a network there: what does waits in that network's own lane.
const mostSorted = 256

// A target is claimed so long before its moment: everything but the last check
// and the call has then been done. What is due in one moment is spread over a
// while.
const (
	claimAhead  = 1500 * time.Millisecond
	claimSpread = 2500 * time.Millisecond
)

// Arm has a target published at its moment.
func (p *Publisher) Arm(target jobs.Target) {
	target.Due = target.Due.UTC()
	id := target.Post // its last bytes are random
	spread := claimSpread / 256 * time.Duration(id[len(id)-1])
	p.arm(task{target: target}, target.Due.Add(-claimAhead-spread))
}

// ArmPreflight has a target looked over and prepared, at once.
func (p *Publisher) ArmPreflight(target jobs.Target) {
	target.Due = target.Due.UTC()
	p.arm(task{target: target, ahead: true}, target.Due.Add(-jobs.Before))
}

// ArmDelete has a published target removed from its network, at once.
func (p *Publisher) ArmDelete(target jobs.Target) {
	target.Due = target.Due.UTC()
	p.arm(task{target: target, delete: true}, p.Clock.Now())
}

// ArmReconcile has an attempt reconciled once its deadline has passed, unless
// it has ended by then.
func (p *Publisher) ArmReconcile(claim jobs.Claim) {
	claim.Deadline = claim.Deadline.UTC()
	p.arm(task{claim: claim}, claim.Deadline)
}

// Tidy removes what was prepared for what has changed since, or has ended.
func (p *Publisher) Tidy(ctx context.Context) error { return p.prepare.Tidy(ctx) }

// Judge is who finds out what became of targets, for whoever brings them after a restore (R69).
func (p *Publisher) Judge() *judge.Judge { return p.judge }

// Waiting is how many tasks wait for their moment here.
func (p *Publisher) Waiting() int { return p.agenda.Len() }

func (p *Publisher) arm(t task, at time.Time) {
	p.agenda.Arm(t, at)
	p.Meter.Armed(p.agenda.Len())
}

// Run publishes until ctx ends, then begins nothing more and lets what was
// begun end while work lasts. It returns what still waited for its moment, or
// for its turn.
func (p *Publisher) Run(ctx, work context.Context) []jobs.Job {
	p.agenda.Run(ctx, work)
	p.lanes.Drop()
	p.begun.Wait()
	p.calls.Going.Wait()
	p.uses.Flush()
	var left []jobs.Job
	for _, t := range append(p.agenda.Drain(), p.dropped...) {
		left = append(left, t.job())
	}
	p.Meter.Armed(0)
	return left
}
