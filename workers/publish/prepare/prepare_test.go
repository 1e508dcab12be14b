package prepare_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wire"
	"behalf/workers/jobs"
	"behalf/workers/workerstest"
)

// Minutes before its time a draft is made that nobody sees; at its time it is
// published, and not made again.
func TestPreparedBeforeItsTime(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.OfClass(sandbox.TwoPhase, wire.Options{})
	p := w.Publisher()
	w.RunPublisher(p)
	at := time.Now().Add(6 * time.Second)
	id := w.Schedule(w.Carl, "ready early", at)
	target := jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due}
	p.ArmPreflight(target)
	w.AwaitDrafts(1)
	require.Equal(t, post.Due, w.Target(id).State)
	require.Empty(t, w.Requests())

	p.Arm(target)
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
	require.False(t, w.Requests()[0].At.Before(at), "sent early")
	require.Len(t, w.AwaitDrafts(1), 1)
	require.Equal(t, w.Posts()[0].ID, w.AwaitDrafts(1)[0].Post)
}

// What was prepared through a connection that was replaced is discarded, and
// prepared anew.
func TestAnotherConnectionPreparesAnew(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.OfClass(sandbox.TwoPhase, wire.Options{})
	p := w.Publisher()
	w.RunPublisher(p)
	id := w.Schedule(w.Carl, "prepared twice", time.Now().Add(time.Minute))
	target := jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due}
	p.ArmPreflight(target)
	w.AwaitDrafts(1)
	shelved(w, id) // what somebody is at is left alone
	w.Connect(w.Olivia)
	p.ArmPreflight(target)
	made := w.AwaitDrafts(2)
	require.True(t, made[0].Discarded)
	require.False(t, made[1].Discarded)
}

// R44, R45: what a person has to mend is found while there is still time, and
// that person is asked once.
func TestTroubleIsFoundBeforeItsTime(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	p := w.Publisher()
	w.RunPublisher(p)
	require.NoError(t, w.Sandbox.Revoke(w.Ctx, "olivia"))
	for i := range 2 { // a minute lies between two posts (R57)
		id := w.Schedule(w.Carl, "to be mended", time.Now().Add(time.Duration(i+1)*time.Minute+time.Duration(i)*time.Second))
		p.ArmPreflight(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
		require.Eventually(t, func() bool { return len(w.Outages()) == 1 }, time.Minute, 10*time.Millisecond)
		require.Equal(t, post.Due, w.Target(id).State)
	}
	require.Equal(t, w.Olivia, w.Outages()[0].Holder)
	require.Equal(t, account.NeedsReauthentication, w.State(w.Olivia))
}
