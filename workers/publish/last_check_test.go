package publish_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/workers/workerstest"
)

// R42, R64: the mode is changed between claim and send. Nothing goes out
// through the old connection any more.
func TestModeChangedBetweenClaimAndSend(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	open := w.HoldSending()
	id := w.Publish(w.Carl, "through whom?")
	w.Await(id, post.Claimed)
	w.As(w.Olivia, &assignment.ChangeCredentialMode{Member: w.Carl, Account: w.Account, Mode: workspace.MemberMode})
	open()

	target := w.Await(id, post.NeedsReauthentication)
	require.Equal(t, w.Carl, target.Holder)
	require.Empty(t, w.Requests(), "nothing may be sent through the old connection")
	released := workerstest.Events[post.TargetReleased](w, id)
	require.Len(t, released, 1)
	require.Equal(t, "moved", released[0].Code)
}

// Something moved that does not matter: the attempt goes on.
func TestUnrelatedChangeBetweenClaimAndSend(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	open := w.HoldSending()
	id := w.Publish(w.Olivia, "mine")
	w.Await(id, post.Claimed)
	w.As(w.Olivia, &assignment.ChangeCredentialMode{Member: w.Carl, Account: w.Account, Mode: workspace.MemberMode})
	open()
	w.Await(id, post.Published)
	require.Len(t, workerstest.Events[post.TargetClaimed](w, id), 1)
	require.Empty(t, workerstest.Events[post.TargetReleased](w, id))
}

// The holder reconnects while the old connection is at work: the attempt is
// made anew, through the new one.
func TestReconnectedBetweenClaimAndSend(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	open := w.HoldSending()
	id := w.Publish(w.Carl, "again")
	claimed := w.Await(id, post.Claimed).Claim
	w.Connect(w.Olivia)
	open()
	target := w.Await(id, post.Published)
	require.NotEqual(t, claimed.Connection, target.Claim.Connection)
	require.Equal(t, claimed.Key, target.Claim.Key)
	require.Len(t, w.Requests(), 1)
}

// The network's token endpoint takes longer than an attempt may: nothing is
// sent late, and the next attempt succeeds.
func TestTooLateToSend(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Expire()
	w.Arm(control.Fault{Call: control.Refresh, Kind: control.Slow, DelayMS: int(workerstest.Times.Claim / time.Millisecond), Times: 1})
	w.Work()
	id := w.Publish(w.Carl, "late")
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
	require.GreaterOrEqual(t, len(workerstest.Events[post.TargetClaimed](w, id)), 2)
}
