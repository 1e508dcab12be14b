package agenda_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/workers/publish/agenda"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// notes is what ran when.
type notes struct {
	mutex sync.Mutex
	ran   []string
	at    map[string]time.Time
}

func (n *notes) run(_ context.Context, key string) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.ran = append(n.ran, key)
	if n.at == nil {
		n.at = map[string]time.Time{}
	}
	n.at[key] = time.Now()
}

// Entries run at their exact moments, in order, however they were armed.
func TestExactMoments(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n notes
		a := agenda.New(4, time.Now, n.run)
		ctx, stop := context.WithCancel(t.Context())
		go a.Run(ctx, t.Context())
		start := time.Now()
		moments := map[string]time.Duration{"late": 90 * time.Second, "early": 1500 * time.Millisecond, "middle": 10 * time.Second}
		for key, after := range moments {
			a.Arm(key, start.Add(after))
		}
		a.Arm("past", start.Add(-time.Hour))
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		require.Equal(t, []string{"past", "early", "middle", "late"}, n.ran)
		for key, after := range moments {
			require.Equal(t, start.Add(after), n.at[key])
		}
		stop()
	})
}

// A key that waits is not armed twice; one that runs can be armed again.
func TestArmedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs []time.Duration
		var a *agenda.Agenda[string]
		start := time.Now()
		a = agenda.New(1, time.Now, func(_ context.Context, key string) {
			if runs = append(runs, time.Since(start)); len(runs) == 1 {
				a.Arm(key, start.Add(5*time.Second))
			}
		})
		ctx, stop := context.WithCancel(t.Context())
		go a.Run(ctx, t.Context())
		a.Arm("one", start.Add(time.Second))
		a.Arm("one", start.Add(2*time.Second))
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, []time.Duration{time.Second, 5 * time.Second}, runs)
		stop()
	})
}

// No more run at once than there are slots.
func TestBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mutex sync.Mutex
		running, most := 0, 0
		a := agenda.New(3, time.Now, func(context.Context, int) {
			mutex.Lock()
			running++
			most = max(most, running)
			mutex.Unlock()
			time.Sleep(time.Second)
			mutex.Lock()
			running--
			mutex.Unlock()
		})
		for key := range 20 {
			a.Arm(key, time.Now())
		}
		ctx, stop := context.WithCancel(t.Context())
		go a.Run(ctx, t.Context())
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, 3, most)
		require.Zero(t, a.Len())
		stop()
	})
}

// Stopping begins nothing more, lets what runs end, and leaves the rest.
func TestStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := false
		a := agenda.New(1, time.Now, func(work context.Context, _ string) {
			time.Sleep(time.Minute)
			ended = work.Err() == nil
		})
		a.Arm("begun", time.Now())
		a.Arm("waits", time.Now().Add(time.Second))
		a.Arm("later", time.Now().Add(time.Hour))
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, stop)
		a.Run(ctx, t.Context())
		require.True(t, ended)
		left := a.Drain()
		slices.Sort(left)
		require.Equal(t, []string{"later", "waits"}, left)
		require.Zero(t, a.Len())
	})
}
