package publish_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/clock"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wire"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/publish/pace"
	"behalf/workers/workerstest"
)

// skewed is a publisher of a machine whose clock is wrong.
func skewed(w *workerstest.World, by time.Duration) *publish.Publisher {
	w.Helper()
	own := func() time.Time { return time.Now().Add(by) }
	w.Networks = networks.Registry{} // each publisher has its own
	w.OfClass(sandbox.ClientKey, wire.Options{Now: own})
	shared := clock.New(own, w.Store.Time)
	require.NoError(w, shared.Sync(w.Ctx)) // as workers do before anything else
	return w.Publisher(func(deps *publish.Deps) {
		deps.Networks, deps.Clock, deps.Pace, deps.Life = w.Networks, shared, pace.New(nil, w.Logger(), own), 5*time.Second
	})
}

// Workers whose clocks are five seconds ahead and behind send neither early,
// nor twice, nor late: the database's clock decides.
func TestWrongClocks(t *testing.T) {
	t.Parallel()
	for name, by := range map[string][]time.Duration{
		"ahead": {5 * time.Second}, "behind": {-5 * time.Second}, "both": {-5 * time.Second, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			at := time.Now().Add(7 * time.Second)
			id := w.Schedule(w.Carl, "on time", at)
			due := w.Target(id).Due
			for _, wrong := range by {
				p := skewed(w, wrong)
				w.RunPublisher(p)
				p.Arm(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: due})
			}
			w.Await(id, post.Published)
			require.Len(t, w.Requests(), 1)
			sent := w.Requests()[0].At
			require.False(t, sent.Before(at), "sent %s early", at.Sub(sent))
			require.Less(t, sent.Sub(at), 3*time.Second, "late")
			require.Len(t, workerstest.Events[post.TargetClaimed](w, id), 1)
		})
	}
}

// A worker whose clock is behind does not take an attempt for expired too late,
// nor one whose clock is ahead too early: reconciling begins at the deadline.
func TestWrongClocksReconcileAtTheDeadline(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]time.Duration{"ahead": 5 * time.Second, "behind": -5 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			id := w.Publish(w.Carl, "claimed by the dead")
			claimed, ok := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: 2 * time.Second})[0].Event.(post.TargetClaimed)
			require.True(t, ok)
			p := skewed(w, by)
			w.RunPublisher(p)
			p.ArmReconcile(jobs.Claim{Workspace: w.Workspace, Post: id, Account: w.Account, Attempt: claimed.Attempt, Deadline: claimed.Deadline})
			w.Await(id, post.Due)
			require.False(t, time.Now().Before(claimed.Deadline))
		})
	}
}

// Two whole crews, with their policies, queues and sweepers, whose clocks are
// ten seconds apart: one post, by one request, at its moment.
func TestCrewsWithWrongClocks(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	for _, by := range []time.Duration{-5 * time.Second, 5 * time.Second} {
		own := func() time.Time { return time.Now().Add(by) }
		w.Networks = networks.Registry{} // each has its own
		w.OfClass(sandbox.ClientKey, wire.Options{Now: own})
		deps := w.Deps()
		deps.Now, deps.Time = own, w.Store.Time
		w.WorkWith(deps, workerstest.Times)
	}
	at := time.Now().Add(8 * time.Second)
	id := w.Schedule(w.Carl, "on time", at)
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
	sent := w.Requests()[0].At
	require.False(t, sent.Before(at), "sent %s early", at.Sub(sent))
	require.Len(t, workerstest.Events[post.TargetClaimed](w, id), 1)
}
