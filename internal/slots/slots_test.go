package slots_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"behalf/internal/slots"
)

// Ten thousand of one workspace wait; the one of another workspace is next but one.
func TestGroupsAreServedInTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := slots.New[string](1, 1)
		require.NoError(t, s.Acquire(t.Context(), "large"))
		var served []string
		wait := func(group string) {
			go func() {
				if s.Acquire(t.Context(), group) == nil {
					served = append(served, group)
					s.Release(group)
				}
			}()
			synctest.Wait()
		}
		for range 10_000 {
			wait("large")
		}
		wait("small")
		s.Release("large")
		synctest.Wait()
		require.Len(t, served, 10_001)
		require.Equal(t, []string{"large", "small", "large"}, served[:3])
	})
}

// Who stops waiting takes no permit with them.
func TestLeaving(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := slots.New[string](1, 1)
		require.NoError(t, s.Acquire(t.Context(), "a"))
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error)
		go func() { left <- s.Acquire(ctx, "b") }()
		synctest.Wait()
		leave()
		require.ErrorIs(t, <-left, context.Canceled)
		s.Release("a")
		require.NoError(t, s.Acquire(t.Context(), "c"))
	})
}

// What waits without a goroutine has its turn like everybody else.
func TestWhen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := slots.New[string](1, 1)
		require.NoError(t, s.Acquire(t.Context(), "a"))
		var ran []string
		work := func(name string) func() { return func() { ran = append(ran, name) } }
		never := func() { t.Error("dropped") }
		s.When("large", work("one"), never)
		s.When("large", work("two"), never)
		s.When("small", work("three"), never)
		synctest.Wait()
		require.Empty(t, ran)
		s.Release("a")
		synctest.Wait()
		require.Equal(t, []string{"one", "three", "two"}, ran)
		require.NoError(t, s.Acquire(t.Context(), "b"), "each has given the permit back")
	})
}

// Who is dropped does not run; who waits by itself goes on waiting.
func TestDrop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := slots.New[string](1, 1)
		require.NoError(t, s.Acquire(t.Context(), "a"))
		dropped := 0
		got := make(chan error, 1)
		for _, group := range []string{"a", "b", "b"} {
			s.When(group, func() { t.Error("ran") }, func() { dropped++ })
		}
		go func() { got <- s.Acquire(t.Context(), "b") }()
		synctest.Wait()
		s.Drop()
		require.Equal(t, 3, dropped)
		s.Release("a")
		require.NoError(t, <-got)
	})
}

// However many permits are free, one group leaves some to the others.
func TestNobodyHoldsAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := slots.New[string](4, 2)
		var mutex sync.Mutex
		var began []string
		goOn := make(chan struct{})
		work := func(name string) func() {
			return func() {
				mutex.Lock()
				began = append(began, name)
				mutex.Unlock()
				<-goOn
			}
		}
		never := func() { t.Error("dropped") }
		for range 5 {
			s.When("large", work("large"), never)
		}
		synctest.Wait()
		require.Len(t, began, 2)
		s.When("small", work("small"), never)
		synctest.Wait()
		require.Equal(t, "small", began[2])
		s.When("another", work("another"), never)
		s.When("late", work("late"), never)
		synctest.Wait()
		require.Len(t, began, 4, "there are no more permits")
		for range 2 {
			goOn <- struct{}{}
		}
		synctest.Wait()
		require.Contains(t, began, "late", "its turn, whoever ended")
		close(goOn)
		synctest.Wait()
		require.Len(t, began, 8, "all of them")
	})
}
