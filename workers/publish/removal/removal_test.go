package removal_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/workspace"
	"behalf/internal/clock"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/publish/pace"
	"behalf/workers/workerstest"
)

// gone waits for the end of a deletion, and expects the network to agree.
func gone(w *workerstest.World, id domain.PostID) post.TargetDeleted {
	w.Helper()
	deleted := workerstest.AwaitEvent[post.TargetDeleted](w, id)
	require.True(w, w.Posts()[0].Deleted)
	require.Len(w, workerstest.Events[post.Deletion](w, id), 1, "with its only target, the post is gone")
	return deleted
}

// R29, R43: what is deleted is taken from the network, through the connection
// that is resolved then, and history says through which.
func TestDeletedAtTheNetwork(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Work()
	id := w.Publish(w.Carl, "to be deleted")
	w.Await(id, post.Published)
	w.Delete(id)
	require.Equal(t, post.TargetDeleted{
		Account: w.Account, Mode: workspace.OwnerMode, Holder: w.Olivia, Connection: w.ConnectionOf(w.Olivia),
	}, gone(w, id))
}

// What the network does not answer, or answers after it has done it, is tried
// again; a post that is gone already is deleted.
func TestDeletingIsRepeated(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]control.Fault{
		"fails before":         {Call: control.Read, Kind: control.FailBefore, Times: 2},
		"fails after":          {Call: control.Read, Kind: control.FailAfter, Times: 1},
		"connection reset":     {Call: control.Read, Kind: control.ResetAfter, Times: 1},
		"rate limited":         {Call: control.Read, Kind: control.RateLimited, RetryAfter: 1, Times: 1},
		"token refused once":   {Call: control.Read, Kind: control.Unauthorized, Times: 1},
		"token endpoint fails": {Call: control.Refresh, Kind: control.FailBefore, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			id := w.Live()
			if fault.Call == control.Refresh {
				w.Expire()
			}
			w.Arm(fault)
			w.Work()
			w.Delete(id)
			gone(w, id)
			armed, err := w.Sandbox.Faults(w.Ctx)
			require.NoError(t, err)
			require.Empty(t, armed, "the fault must have struck")
			require.Len(t, workerstest.Events[post.TargetDeleted](w, id), 1)
		})
	}
}

// A worker died before the call: the sweeper brings it. One died after it, before
// the record: the network says that the post is gone. Neither is told twice.
func TestDeletingSurvivesDeath(t *testing.T) {
	t.Parallel()
	for _, called := range []bool{false, true} {
		w := workerstest.New(t, workspace.OwnerMode)
		id := w.Live()
		w.Delete(id) // nobody is there to see it: the policy begins at the head
		if called {
			require.NoError(t, w.DeleteAtNetwork(w.Target(id).Remote))
		}
		w.Work()
		gone(w, id)
		require.Len(t, workerstest.Events[post.TargetDeleted](w, id), 1)
	}
}

// Two workers delete at once: it is recorded once.
func TestTwoDelete(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Live()
	w.Delete(id)
	target := jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Deadline}
	for range 2 {
		p := w.Publisher()
		p.ArmDelete(target)
		stop := w.RunPublisher(p)
		defer stop()
	}
	gone(w, id)
	require.Len(t, workerstest.Events[post.TargetDeleted](w, id), 1)
}

// A refusal for good leaves the post published, and says so.
func TestNetworkKeepsIt(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Live()
	require.NoError(t, w.Sandbox.RemoveAdmin(w.Ctx, "acme-news", "olivia"))
	w.Work()
	w.Delete(id)
	failed := workerstest.AwaitEvent[post.TargetDeletionFailed](w, id)
	require.Equal(t, "not_admin", failed.Code)
	require.Equal(t, w.Olivia, failed.By)
	require.Equal(t, w.Olivia, failed.Holder)
	require.Equal(t, post.Published, w.Target(id).State)
	require.False(t, w.Posts()[0].Deleted)
}

// R44: without a connection that works its holder is asked, once, and it goes on
// when it is mended.
func TestDeletingWaitsForAReauthentication(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Live()
	require.NoError(t, w.Sandbox.Revoke(w.Ctx, "olivia"))
	w.Work()
	w.Delete(id)
	w.AwaitOutage()
	require.Equal(t, post.Deleting, w.Target(id).State)
	w.Connect(w.Olivia)
	require.Equal(t, w.ConnectionOf(w.Olivia), gone(w, id).Connection)
	require.Len(t, w.Outages(), 1)
}

// It is not tried for ever: after a day the post is said to be still there.
func TestDeletingEnds(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(w *workerstest.World){
		"the network does not answer": func(w *workerstest.World) { w.Arm(control.Fault{Call: control.Read, Kind: control.FailBefore}) },
		"nobody mends the connection": func(w *workerstest.World) {
			w.AsSystem(&account.RecordReauthenticationNeeded{Account: w.Account, Holder: w.Olivia, Connection: w.ConnectionOf(w.Olivia), Code: "expired"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			id := w.Live()
			w.Delete(id)
			prepare(w)
			later := func() time.Time { return time.Now().Add(ending.DeleteWithin + time.Minute) }
			p := w.Publisher(func(deps *publish.Deps) {
				deps.AtOnce, deps.Pace = 1, pace.New(nil, w.Logger(), later)
				deps.Clock = clock.New(later, func(context.Context) (time.Time, error) { return later(), nil })
			})
			p.ArmDelete(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Deadline})
			w.RunPublisher(p)
			workerstest.AwaitEvent[post.TargetDeletionFailed](w, id)
			require.Equal(t, post.Published, w.Target(id).State)
			require.False(t, w.Posts()[0].Deleted)
		})
	}
}

// ownOnly is a network that knows a post only through what it was published with.
type ownOnly struct{ networks.Connector }

func (o ownOnly) Capabilities() networks.Capabilities {
	capabilities := o.Connector.Capabilities()
	capabilities.DeletesOwn = true
	return capabilities
}

// A network that calls others' posts gone is not believed through another
// connection than the one that published the post.
func TestAnothersWordIsNotBelieved(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Networks[sandbox.Name] = ownOnly{w.Networks[sandbox.Name]}
	first, second := w.Live(), w.Live()
	w.Work()
	w.Delete(first)
	workerstest.AwaitEvent[post.TargetDeleted](w, first)
	w.Connect(w.Olivia)
	w.Delete(second)
	require.Equal(t, "other_connection", workerstest.AwaitEvent[post.TargetDeletionFailed](w, second).Code)
	require.Equal(t, post.Published, w.Target(second).State)
}
