package sweep_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/workspace"
	"behalf/internal/media"
	"behalf/projections"
	"behalf/workers/jobs"
	"behalf/workers/sweep"
	"behalf/workers/workerstest"
)

// A network and a store of files that do not answer hold up nothing that is due,
// and are asked by nobody else here meanwhile. Who answers again is asked again.
func TestNobodyWaitsForAnErrand(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	queue := &list{}
	var tidying, clearing atomic.Int64
	answers := make(chan struct{})
	hang := func(ctx context.Context) error {
		select {
		case <-answers:
			return errors.New("it answered late")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	deps := depsOf(w, queue, time.Now, nil, 100*time.Millisecond)
	deps.Tidy = func(ctx context.Context) error { tidying.Add(1); return hang(ctx) }
	deps.Media = func(ctx context.Context) (media.Swept, error) { clearing.Add(1); return media.Swept{}, hang(ctx) }
	stop := w.Background(sweep.New(deps).Run)
	defer stop()
	soon := func(condition func() bool) {
		t.Helper()
		require.Eventually(t, condition, 20*time.Second, 5*time.Millisecond)
	}
	soon(func() bool { return tidying.Load() == 1 && clearing.Load() == 1 })

	at := time.Now().Add(5 * time.Minute).UTC().Truncate(time.Millisecond)
	target := jobs.Target{Workspace: w.Workspace, Post: w.Schedule(w.Carl, "soon", at), Account: w.Account, Due: at}
	w.CaughtUp(projections.Posts.Group())
	soon(func() bool { return slices.Contains(queue.ids(), jobs.Publish(target).ID) })
	require.EqualValues(t, 1, tidying.Load())
	require.EqualValues(t, 1, clearing.Load())

	close(answers)
	soon(func() bool { return tidying.Load() > 1 })
}
