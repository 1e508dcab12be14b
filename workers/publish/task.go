package publish

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"behalf/domain"
	"behalf/internal/networks"
	"behalf/workers/jobs"
)

// task is what waits for its moment: a target to be published or, with an
// attempt, one to be reconciled.
type task struct {
	target jobs.Target
	claim  jobs.Claim
	ahead  bool // it is only looked over
	delete bool // it is to be removed from its network
	failed int  // how many times it could not even be begun
}

// kind is what is to be done.
type kind string

const (
	publishing   kind = "publish"
	reconciling  kind = "reconcile"
	lookingAhead kind = "look"
	deleting     kind = "delete"
)

func (t task) kind() kind {
	switch {
	case t.ahead:
		return lookingAhead
	case t.delete:
		return deleting
	case t.claim.Attempt.IsZero():
		return publishing
	default:
		return reconciling
	}
}

func (t task) job() jobs.Job {
	switch t.kind() {
	case lookingAhead:
		return jobs.Preflight(t.target)
	case deleting:
		return jobs.Delete(t.target)
	case publishing:
		return jobs.Publish(t.target)
	default:
		return jobs.Reconcile(t.claim)
	}
}

// turn is what is waited for once, however often it was brought.
type turn struct {
	kind      kind
	workspace domain.WorkspaceID
	post      domain.PostID
	account   domain.AccountID
	attempt   domain.AttemptID
}

func (t task) turn() turn {
	if t.kind() == reconciling {
		return turn{reconciling, t.claim.Workspace, t.claim.Post, t.claim.Account, t.claim.Attempt}
	}
	return turn{t.kind(), t.target.Workspace, t.target.Post, t.target.Account, domain.AttemptID{}}
}

// sort puts a task whose moment has come into its network's lane, where it waits
// for its turn, unless it waits there already: whoever is served reads the log
// then, and knows all that whoever came meanwhile could tell. Without that every
// sweep would add to what waits.
func (p *Publisher) sort(ctx context.Context, t task) {
	defer p.survive(ctx, t)
	p.Meter.Armed(p.agenda.Len())
	wanted := t.turn()
	if _, waits := p.turns.LoadOrStore(wanted, true); waits {
		return
	}
	served, sorted := sync.OnceFunc(func() { p.turns.Delete(wanted) }), false
	defer func() {
		if !sorted { // or nobody could bring it any more
			served()
		}
	}()
	found, err := p.reader.Place(ctx, wanted.workspace, wanted.account)
	if err != nil {
		p.again(ctx, t, err)
		return
	}
	sorted = true
	p.begun.Add(1)
	p.lanes.Working(string(wanted.kind), found, wanted.workspace, func() {
		defer p.begun.Done()
		defer served()
		p.run(ctx, t, served)
	}, func() {
		defer p.begun.Done()
		served()
		p.dropped = append(p.dropped, t)
	})
}

// survive is deferred: one target's mistake is not everybody's end.
func (p *Publisher) survive(ctx context.Context, t task) {
	if broken := recover(); broken != nil {
		p.Logger.ErrorContext(ctx, "publishing broke", "post", t.turn().post.String(), "panic", broken, "stack", string(debug.Stack()))
	}
}

// run does a task; served is called before the log is read.
func (p *Publisher) run(ctx context.Context, t task, served func()) {
	defer p.survive(ctx, t)
	var err error
	switch t.kind() {
	case lookingAhead:
		served()
		err = p.prepare.Preflight(ctx, t.target)
	case deleting:
		served()
		err = p.removal.Remove(ctx, t.target)
	case publishing:
		traced, span := p.traced(ctx, "publish", t.target.Workspace, t.target.Post, t.target.Account)
		err = p.publish(traced, t.target, served)
		span.End()
	default:
		served()
		traced, span := p.traced(ctx, "reconcile", t.claim.Workspace, t.claim.Post, t.claim.Account)
		err = p.judge.Reconcile(traced, t.claim)
		span.End()
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
	p.Logger.WarnContext(ctx, "publishing is put off", "post", t.turn().post.String(), "failed", t.failed, "error", err)
	if t.failed < patience && ctx.Err() == nil {
		pause := max(time.Second<<(t.failed-1), networks.RetryAfter(err))
		p.arm(t, p.Clock.Now().Add(pause))
	}
}
