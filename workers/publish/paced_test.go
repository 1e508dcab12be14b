package publish_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/wire"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/workerstest"
)

// strict is a network that means the account when it asks to wait, as most do.
type strict struct{ networks.Connector }

func meant(err error) error {
	if failure := (*networks.Failure)(nil); errors.As(err, &failure) && failure.Kind == networks.RateLimited {
		failure.Scope = networks.ScopeAccount
	}
	return err
}

func (s strict) Publish(ctx context.Context, with networks.Session, a networks.Attempt) (networks.Published, error) {
	published, err := s.Connector.Publish(ctx, with, a)
	return published, meant(err)
}

func (s strict) Reconcile(ctx context.Context, with networks.Session, a networks.Attempt) (networks.Verdict, error) {
	verdict, err := s.Connector.Reconcile(ctx, with, a)
	return verdict, meant(err)
}

func (s strict) Prepare(ctx context.Context, with networks.Session, a networks.Attempt, save networks.Save) (networks.Prepared, error) {
	made, err := s.Connector.Prepare(ctx, with, a, save)
	return made, meant(err)
}

func (s strict) VerifyAccess(ctx context.Context, with networks.Session) (networks.Access, error) {
	access, err := s.Connector.VerifyAccess(ctx, with)
	return access, meant(err)
}

func (s strict) Delete(ctx context.Context, with networks.Session, remote string) error {
	return meant(s.Connector.Delete(ctx, with, remote))
}

// left is how many calls a fault has still to strike.
func left(w *workerstest.World) int {
	w.Helper()
	armed, err := w.Sandbox.Faults(w.Ctx)
	require.NoError(w, err)
	require.Len(w, armed, 1)
	return armed[0].Times
}

// putOff counts what could not be done now.
type putOff struct {
	slog.Handler
	count atomic.Int64
}

func (c *putOff) Handle(ctx context.Context, record slog.Record) error {
	if record.Message == "publishing is put off" {
		c.count.Add(1)
	}
	return c.Handler.Handle(ctx, record)
}

// waiting waits until so many tasks wait for their moment.
func waiting(w *workerstest.World, p *publish.Publisher, tasks int) {
	w.Helper()
	require.Eventually(w, func() bool { return p.Waiting() == tasks }, 20*time.Second, 5*time.Millisecond)
}

// A network that asks to be left alone is: by whoever deletes, asks what became of
// an attempt, looks over or repeats one, however often they are brought.
func TestWhoWasToldToWaitWaits(t *testing.T) {
	t.Parallel()
	claimed := func(w *workerstest.World) jobs.Claim {
		id := w.Publish(w.Carl, "who was it?")
		dead, ok := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: time.Millisecond})[0].Event.(post.TargetClaimed)
		require.True(w, ok)
		return jobs.Claim{Workspace: w.Workspace, Post: id, Account: w.Account, Attempt: dead.Attempt, Deadline: dead.Deadline}
	}
	for name, test := range map[string]struct {
		call    control.Call
		prepare func(*workerstest.World) (arm func(p *publish.Publisher, n int))
	}{
		"deleting": {control.Read, func(w *workerstest.World) func(*publish.Publisher, int) {
			id := w.Live()
			w.Delete(id)
			due := w.Target(id).Deadline
			return func(p *publish.Publisher, n int) {
				p.ArmDelete(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: due.Add(time.Duration(n))})
			}
		}},
		"reconciling": {control.Read, func(w *workerstest.World) func(*publish.Publisher, int) {
			claim := claimed(w)
			return func(p *publish.Publisher, n int) {
				claim.Deadline = claim.Deadline.Add(time.Duration(n))
				p.ArmReconcile(claim)
			}
		}},
		"repeating": {control.Publish, func(w *workerstest.World) func(*publish.Publisher, int) {
			w.OfClass(sandbox.ExpiringKey, wire.Options{})
			claim := claimed(w)
			return func(p *publish.Publisher, n int) {
				claim.Deadline = claim.Deadline.Add(time.Duration(n))
				p.ArmReconcile(claim)
			}
		}},
		"looking over": {control.Read, func(w *workerstest.World) func(*publish.Publisher, int) {
			id := w.Schedule(w.Carl, "may it?", time.Now().Add(time.Minute))
			due := w.Target(id).Due
			return func(p *publish.Publisher, n int) {
				p.ArmPreflight(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: due.Add(time.Duration(n))})
			}
		}},
		"preparing": {control.Drafting, func(w *workerstest.World) func(*publish.Publisher, int) {
			w.OfClass(sandbox.TwoPhase, wire.Options{})
			id := w.Schedule(w.Carl, "made early", time.Now().Add(time.Minute))
			due := w.Target(id).Due
			return func(p *publish.Publisher, n int) {
				p.ArmPreflight(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: due.Add(time.Duration(n))})
			}
		}},
	} {
		for _, kind := range []control.Kind{control.RateLimited, control.FailBefore} {
			t.Run(name+", "+string(kind), func(t *testing.T) {
				t.Parallel()
				w := workerstest.New(t, workspace.OwnerMode)
				arm := test.prepare(w)
				w.Networks[sandbox.Name] = strict{w.Networks[sandbox.Name]}
				w.Arm(control.Fault{Call: test.call, Kind: kind, RetryAfter: 3600, Times: 5})
				counted := &putOff{Handler: w.Logger().Handler()}
				p := w.Publisher(func(deps *publish.Deps) { deps.AtOnce, deps.Logger = 1, slog.New(counted) })
				w.RunPublisher(p)
				for n := range 3 {
					arm(p, n)
					require.Eventually(t, func() bool { return counted.count.Load() == int64(n+1) }, 20*time.Second, 5*time.Millisecond)
				}
				require.Equal(t, 4, left(w), "it was asked once")
			})
		}
	}
}

// Networks limit deleting and posting apart: who has deleted too much posts, and
// who has posted too much deletes.
func TestOneKindOfCallHoldsNoOther(t *testing.T) {
	t.Parallel()
	t.Run("deleting", func(t *testing.T) {
		t.Parallel()
		w := workerstest.New(t, workspace.OwnerMode)
		w.Networks[sandbox.Name] = strict{w.Networks[sandbox.Name]}
		id := w.Live()
		w.Work()
		w.Arm(control.Fault{Call: control.Read, Kind: control.RateLimited, RetryAfter: 3600, Times: 5})
		w.Delete(id)
		require.Eventually(t, func() bool { return left(w) < 5 }, 20*time.Second, 5*time.Millisecond, "it is not asked") // twice by two tasks, when the first is slow
		w.Await(w.Publish(w.Carl, "after clearing out"), post.Published)
	})
	t.Run("posting", func(t *testing.T) {
		t.Parallel()
		w := workerstest.New(t, workspace.OwnerMode)
		w.Networks[sandbox.Name] = strict{w.Networks[sandbox.Name]}
		id := w.Live()
		w.Work()
		w.Arm(control.Fault{Call: control.Publish, Kind: control.RateLimited, RetryAfter: 3600, Times: 5})
		workerstest.AwaitEvent[post.TargetReleased](w, w.Publish(w.Carl, "one too many today"))
		w.Delete(id)
		workerstest.AwaitEvent[post.TargetDeleted](w, id)
	})
}

// What a rate limit put off together does not come back in one moment.
func TestRateLimitedDoNotComeBackInStep(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Networks[sandbox.Name] = strict{w.Networks[sandbox.Name]}
	w.Arm(control.Fault{Call: control.Publish, Kind: control.RateLimited, RetryAfter: 60, Times: 8})
	w.Work()
	var first, last time.Time
	var posts []domain.PostID
	for range 8 {
		posts = append(posts, w.Publish(w.Carl, "limited"))
	}
	for _, id := range posts {
		again := workerstest.AwaitEvent[post.TargetReleased](w, id).NotBefore
		if first.IsZero() || again.Before(first) {
			first = again
		}
		if again.After(last) {
			last = again
		}
	}
	require.Greater(t, last.Sub(first), time.Second, "out of half a minute")
}
