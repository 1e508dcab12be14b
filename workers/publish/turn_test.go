package publish_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/internal/clock"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/workerstest"
)

// What waits for its turn is not begun again by whoever brings it meanwhile, as
// every sweep does.
func TestOneTurnForEach(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	var begun atomic.Int64
	open := make(chan struct{})
	p := w.Publisher(func(deps *publish.Deps) {
		deps.AtOnce = 1
		deps.Clock = clock.New(time.Now, func(ctx context.Context) (time.Time, error) {
			begun.Add(1)
			<-open
			return w.Store.Time(ctx)
		})
	})
	id := w.Publish(w.Carl, "brought again and again")
	stop := w.RunPublisher(p)
	target := jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due}
	for range 20 {
		p.Arm(target)
		waiting(w, p, 0)
	}
	require.Eventually(t, func() bool { return begun.Load() > 0 }, 20*time.Second, time.Millisecond)
	close(open)
	w.Await(id, post.Published)
	stop()
	require.EqualValues(t, 1, begun.Load())
	require.Len(t, w.Requests(), 1)
}
