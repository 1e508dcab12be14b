package publish_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/membership"
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
	open := w.HoldSending()
	id := w.Publish(w.Carl, "the last one")
	require.Equal(t, connection, w.Await(id, post.Claimed).Claim.Connection)
	w.As(w.Olivia, &membership.RemoveMember{Member: w.Carl})
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
	open := w.HoldSending()
	id := w.Publish(w.Carl, "too late")
	w.Await(id, post.Claimed)
	w.As(w.Olivia, &closing.CloseWorkspace{})
	open()
	w.Await(id, post.Missed)
	require.Equal(t, "workspace_closed", workerstest.Events[post.TargetMissed](w, id)[0].Code)
	require.Empty(t, w.Requests())
}

// R59, R61, R62: the worker dies with a claim through the connection of a member
// who is then removed. The network is asked by the key through the Owner's
// connection, and what it does not show goes out through that.
func TestMemberRemovedAfterACrash(t *testing.T) {
	t.Parallel()
	for _, sent := range []bool{false, true} {
		t.Run(map[bool]string{false: "before sending", true: "after sending"}[sent], func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.MemberMode)
			w.Connect(w.Carl)
			id := w.Publish(w.Carl, "the last one")
			claimed, ok := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: workerstest.Times.Claim})[0].Event.(post.TargetClaimed)
			require.True(t, ok)
			if sent {
				sentByTheDead(w, claimed, "the last one")
			}
			w.As(w.Olivia, &membership.RemoveMember{Member: w.Carl})
			require.NoError(t, w.Vault.Destroy(w.Ctx, claimed.Connection))
			w.Work()
			target := w.Await(id, post.Published)
			require.Len(t, w.Requests(), 1)
			require.Len(t, w.Posts(), 1)
			if sent {
				require.Equal(t, w.Carl, target.Claim.Holder)
				require.Equal(t, "carl", w.Posts()[0].Person)
			} else {
				require.Equal(t, w.Olivia, target.Claim.Holder)
				require.Equal(t, "olivia", w.Posts()[0].Person)
			}
			require.Empty(t, w.Outages())
		})
	}
}
