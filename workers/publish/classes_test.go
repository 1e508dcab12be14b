package publish_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/wire"
	"behalf/workers/publish/shelf"
	"behalf/workers/workerstest"
)

// What is unclear after the network has stored a post and not said so, by class:
// how the target ends, and how many posts and requests there are.
func TestStoredAndNotSaid(t *testing.T) {
	t.Parallel()
	for class, end := range map[sandbox.Class]struct {
		state    post.TargetState
		requests int
	}{
		sandbox.ClientKey:   {post.Published, 1},
		sandbox.TwoPhase:    {post.Published, 1},
		sandbox.ExpiringKey: {post.Published, 2}, // the key is repeated while the network remembers it
		sandbox.Listed:      {post.Published, 1},
		sandbox.Silent:      {post.Unknown, 1},
	} {
		t.Run(sandbox.NameOf(class), func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			w.OfClass(class, wire.Options{})
			w.Arm(control.Fault{Call: control.Publish, Kind: control.ResetAfter, Times: 1})
			w.Work()
			id := w.Publish(w.Carl, "stored, and nobody was told")
			w.Await(id, end.state)
			require.Len(t, w.Posts(), 1)
			if class == sandbox.ExpiringKey { // whoever finds it repeats it, two at once as well
				require.GreaterOrEqual(t, len(w.Requests()), end.requests)
				return
			}
			require.Len(t, w.Requests(), end.requests)
		})
	}
}

// A worker dies between claim and send. Even where the network cannot be asked
// it is known that nothing was sent, because sending is noted before.
func TestDeadBeforeSendOnANetworkThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.OfClass(sandbox.Silent, wire.Options{})
	id, noted := w.Publish(w.Carl, "not sent"), w.Publish(w.Carl, "perhaps sent")
	for _, one := range []struct {
		post  bool
		claim any
	}{{false, &sending.ClaimTarget{Post: id, Account: w.Account, Life: workerstest.Times.Claim}}, {true, &sending.ClaimTarget{Post: noted, Account: w.Account, Life: workerstest.Times.Claim}}} {
		claimed, ok := w.AsSystem(one.claim)[0].Event.(post.TargetClaimed)
		require.True(t, ok)
		if one.post {
			require.NoError(t, shelf.New(w.Pool).Note(w.Ctx, claimed.Attempt))
		}
	}
	w.Work()
	w.Await(id, post.Published)
	w.Await(noted, post.Unknown)
	require.Len(t, w.Requests(), 1)
}
