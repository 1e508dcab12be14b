package publish_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/workers/workerstest"
)

// R61, R62, R64: a member is removed between claim and send. The post goes out
// as the Owner's: nothing goes through the removed member's connection, which
// is destroyed meanwhile.
func TestMemberRemovedBetweenClaimAndSend(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Connect(w.Carl)
	connection := w.ConnectionOf(w.Carl)
	open := hold(w)
	id := w.Publish(w.Carl, "the last one")
	require.Equal(t, connection, w.Await(id, post.Claimed).Claim.Connection)
	w.As(w.Olivia, &workspace.RemoveMember{Member: w.Carl})
	open()

	target := w.Await(id, post.Published)
	require.Equal(t, w.Olivia, target.Claim.Holder)
	require.Equal(t, workspace.OwnerMode, target.Claim.Mode)
	require.Equal(t, "moved", workerstest.Events[post.TargetReleased](w, id)[0].Code)
	requests := w.Requests()
	require.Len(t, requests, 1)
	require.Equal(t, "olivia", requests[0].Person)
}

// R13: the workspace is closed between claim and send. Nothing is sent, and the
// post is missed for that reason.
func TestClosedBetweenClaimAndSend(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	open := hold(w)
	id := w.Publish(w.Carl, "too late")
	w.Await(id, post.Claimed)
	w.As(w.Olivia, &workspace.CloseWorkspace{})
	open()
	w.Await(id, post.Missed)
	require.Equal(t, "workspace_closed", workerstest.Events[post.TargetMissed](w, id)[0].Code)
	require.Empty(t, w.Requests())
}
