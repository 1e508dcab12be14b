package sweep_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/projections"
	"behalf/workers/workerstest"
)

// R56: what is not approved by its time is missed then, not at the next sweep.
func TestMissedAtItsTime(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	reviewed(w)
	id := w.Schedule(w.Olivia, "to be approved", time.Now().Add(4*time.Second))
	w.CaughtUp(projections.Posts.Group())
	for range 2 { // processes
		sweeper, _ := sweeperBy(w, time.Now, nil, 2*time.Hour)
		w.Background(sweeper.Run)
	}
	w.Await(id, post.Missed)
	require.Len(t, workerstest.Events[post.TargetMissed](w, id), 1)
}

// R69: nothing is missed while nothing is published. The hold outlasts the alarm by
// some sweeps, so that a command that was issued in spite of it is seen.
func TestNotMissedWhileHeld(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	reviewed(w)
	id := w.Schedule(w.Olivia, "to be approved", time.Now().Add(4*time.Second))
	due := w.Target(id).Due
	w.CaughtUp(projections.Posts.Group())
	const times = 12 // that a hold is asked for, several times in each sweep
	asked := make(chan struct{}, times)
	sweeper, _ := sweeperBy(w, time.Now, func() bool {
		if !time.Now().Before(due) {
			select {
			case asked <- struct{}{}:
			default:
			}
		}
		return true
	}, time.Second)
	stop := w.Background(sweeper.Run)
	for range times {
		<-asked
	}
	stop()
	require.Equal(t, post.Waiting, w.Target(id).State)
}
