// Package sweep compares what should be done with what is: by Postgres alone,
// at start and at every interval. Jobs in Redis are a copy; whatever of it was
// lost, never made, or stuck is brought here. Sweeping twice, or in two
// processes at once, does no harm: every effect is decided again on its stream.
package sweep

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post/sending"
	"behalf/eventstore"
	"behalf/internal/media"
	"behalf/internal/vault"
	"behalf/projections/work"
	"behalf/workers/issue"
	"behalf/workers/jobs"
	"behalf/workers/meter"
	"behalf/workers/outbox"
	"behalf/workers/publish/agenda"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Most of one kind in one sweep. Workspaces, or accounts, take turns in that, so that
// one with more holds up no other one; what is more urgent of each comes first, the
// rest next time.
const (
	mostDue = 10_000 // of what is no more than enqueued
	most    = 1_000
)

// overdue is how late a target is when its task in Redis is not trusted any more.
const overdue = 5 * time.Second

// Queue takes jobs.
type Queue interface {
	Enqueue(ctx context.Context, job jobs.Job) error
}

// Deps is what the sweeper works with, all under the engine's role.
type Deps struct {
	Pool   *pgxpool.Pool
	Store  *eventstore.Store
	Work   *work.Reader
	Box    *outbox.Box
	Vault  *vault.Vault
	Media  func(context.Context) (media.Swept, error) // unused and broken off; nil: nothing is kept here
	Queue  Queue
	Held   func() bool                 // nothing is published, and what is due is not missed yet (R69); nil: never
	Settle func(context.Context) error // what somebody or something that has gone left behind (R61, R62)
	Tidy   func(context.Context) error // what was prepared on networks for nothing
	Erase  func(context.Context) error // of those whose erasure was recorded and broken off (R66)
	Meter  *meter.Meter
	Logger *slog.Logger
	Now    func() time.Time
	Every  time.Duration // between two sweeps
	Apart  time.Duration // between two digests of one person
}

// Sweeper brings what is missing.
type Sweeper struct {
	Deps
	desk     *issue.Desk
	errands  []*errand
	alarms   *agenda.Agenda[missable]
	resumed  chan int64
	compared time.Time // when the vault was last compared with the log
	cleared  time.Time // when media were last swept
}

// New makes a sweeper. It does nothing until Run or Sweep.
func New(deps Deps) *Sweeper {
	s := &Sweeper{Deps: deps, desk: issue.New(deps.Store, "sweeper", deps.Now), resumed: make(chan int64, 1)}
	s.alarms = agenda.New(mostMissing, deps.Now, s.miss)
	for _, do := range []func(context.Context) error{s.Settle, s.media, s.Tidy, s.Erase} {
		s.errands = append(s.errands, &errand{do: do})
	}
	return s
}

// Sweep goes through everything once.
func (s *Sweeper) Sweep(ctx context.Context) error {
	failed := s.look(ctx)
	for _, errand := range s.errands {
		if ctx.Err() != nil {
			return errors.Join(failed, ctx.Err())
		}
		failed = errors.Join(failed, errand.do(ctx))
	}
	return failed
}

// look goes through what Postgres and Redis alone are needed for. What fails does
// not keep the rest from being done.
func (s *Sweeper) look(ctx context.Context) error {
	var failed error
	for _, step := range []func(context.Context) error{
		s.due, s.stuck, s.unapproved, s.unreminded, s.unconfirmed, s.deleting, s.unresolved, s.untold, s.mended, s.digests, s.mails, s.unnoted, s.abandoned, s.orphans,
	} {
		if ctx.Err() != nil {
			return errors.Join(failed, ctx.Err())
		}
		failed = errors.Join(failed, step(ctx))
	}
	return failed
}

// due enqueues the targets of the next minutes. One that is late already gets a
// task of its own: the one with its usual id may be archived, or active for ever.
func (s *Sweeper) due(ctx context.Context) error {
	if s.held() {
		return nil
	}
	now := s.Now()
	targets, err := s.Work.DueBefore(ctx, now, now.Add(jobs.Ahead), mostDue)
	late := 0
	for _, t := range targets {
		job := jobs.Publish(jobs.Target{Workspace: t.Workspace, Post: t.Post, Account: t.Account, Due: t.Ready().UTC()})
		if now.Sub(t.Ready()) > overdue {
			job = job.Again(now)
			late++
		}
		err = errors.Join(err, s.Queue.Enqueue(ctx, job), s.ahead(ctx, now, t))
	}
	s.Meter.Swept("overdue", late)
	return err
}

func (s *Sweeper) held() bool { return s.Held != nil && s.Held() }

// ahead has a target looked over that will be due. One whose time for that has
// passed was looked over, or is, once this sweep and the next one have brought it.
func (s *Sweeper) ahead(ctx context.Context, now time.Time, t work.Target) error {
	at := t.Due.Add(-jobs.Before)
	if t.Due.Sub(now) < jobs.Soonest || now.Sub(at) > 2*s.Every {
		return nil
	}
	return s.Queue.Enqueue(ctx, jobs.Preflight(jobs.Target{Workspace: t.Workspace, Post: t.Post, Account: t.Account, Due: t.Due.UTC()}))
}

// stuck has attempts reconciled that nobody has ended by their deadline (R59).
// Those whose deadline comes before the next sweep are enqueued for it.
func (s *Sweeper) stuck(ctx context.Context) error {
	now := s.Now()
	targets, err := s.Work.ClaimsPast(ctx, now.Add(s.Every), mostDue)
	past := 0
	for _, t := range targets {
		job := jobs.Reconcile(jobs.Claim{
			Workspace: t.Workspace, Post: t.Post, Account: t.Account, Attempt: t.Attempt, Deadline: t.Deadline.UTC(),
		})
		if t.Deadline.Before(now) {
			job = job.Again(now)
			past++
		}
		err = errors.Join(err, s.Queue.Enqueue(ctx, job))
	}
	s.Meter.Swept("stuck", past)
	return err
}

// unapproved ends targets that were not approved by their time (R56), as far as
// the log can be believed in that.
func (s *Sweeper) unapproved(ctx context.Context) error {
	if s.held() {
		return nil
	}
	targets, err := s.Work.WaitingPast(ctx, s.Now(), most)
	for _, t := range targets {
		err = errors.Join(err, s.issue(ctx, t, &sending.MissTarget{Post: t.Post, Account: t.Account}))
	}
	s.Meter.Swept("unapproved", len(targets))
	return err
}

// untold asks holders whom nobody has asked: a worker died between holding the
// target and recording the outage (R44).
func (s *Sweeper) untold(ctx context.Context) error {
	targets, err := s.Work.HeldUntold(ctx, most)
	type outage struct {
		account domain.AccountID
		holder  domain.UserID
	}
	asked := map[outage]bool{}
	for _, t := range targets {
		if out := (outage{t.Account, t.Holder}); !asked[out] {
			asked[out] = true
			err = errors.Join(err, s.issue(ctx, t, &account.RecordReauthenticationNeeded{
				Account: t.Account, Holder: t.Holder, Connection: t.Connection, Code: t.Code, Detail: t.Detail,
			}))
		}
	}
	s.Meter.Swept("untold", len(asked))
	return err
}

// mended lets targets go on whose holder has connected again (R47).
func (s *Sweeper) mended(ctx context.Context) error {
	targets, err := s.Work.HeldMended(ctx, s.Now(), most)
	for _, t := range targets {
		err = errors.Join(err, s.issue(ctx, t, &sending.ResumeTarget{Post: t.Post, Account: t.Account}))
	}
	s.Meter.Swept("mended", len(targets))
	return err
}

// abandoned erases authorizations that nobody came back for in time: the tokens
// in them are used by nobody and guarded for nothing.
func (s *Sweeper) abandoned(ctx context.Context) error {
	erased, err := s.Vault.Sweep(ctx)
	s.Meter.Swept("abandoned", int(erased))
	return err
}

// issue takes a refusal for what it is: the view was behind.
func (s *Sweeper) issue(ctx context.Context, t work.Target, cmd any) error {
	_, err := s.desk.Issue(ctx, t.Workspace, cmd)
	if issue.Refused(err) {
		return nil
	}
	return err
}
