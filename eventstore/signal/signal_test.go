package signal

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestANotificationWakesAllWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		signal := NewLocal()
		var waiters sync.WaitGroup
		began := time.Now()
		for range 10 {
			waiters.Go(func() { signal.Wait(t.Context(), time.Hour) })
		}
		synctest.Wait()
		signal.Notify()
		waiters.Wait()
		require.Zero(t, time.Since(began))
	})
}

func TestWaitingEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		signal := NewLocal()
		signal.Notify() // nobody waits: it is forgotten
		began := time.Now()
		signal.Wait(t.Context(), time.Minute)
		require.Equal(t, time.Minute, time.Since(began))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		signal.Wait(ctx, time.Hour)
		require.Equal(t, time.Second, time.Since(began))
	})
}

// Whoever takes Next before looking misses nothing that happens meanwhile.
func TestNothingSlipsInBetween(t *testing.T) {
	t.Parallel()
	signal := NewLocal()
	next := signal.Next()
	signal.Notify()
	signal.Notify()
	<-next
	select {
	case <-signal.Next():
		require.Fail(t, "an old notification woke a new waiter")
	default:
	}
}
