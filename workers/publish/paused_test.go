package publish_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/workers/workerstest"
)

// R68: publishing is paused between claim and send. Nothing goes out until it
// is resumed; then it does, once.
func TestPausedBetweenClaimAndSend(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	open := hold(w)
	id := w.Publish(w.Carl, "wait")
	w.Await(id, post.Claimed)
	w.As(w.Olivia, &workspace.PausePublishing{Account: w.Account})
	open()

	w.Await(id, post.Due)
	require.Empty(t, w.Requests(), "nothing is sent while it is paused")
	released := workerstest.Events[post.TargetReleased](w, id)
	require.Len(t, released, 1)
	require.Equal(t, "moved", released[0].Code)

	w.As(w.Olivia, &workspace.ResumePublishing{Account: w.Account})
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
}
