package limit_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/api/limit"
	"behalf/internal/redisurl"
	"behalf/internal/testkit"
)

var three = limit.Policy{Name: "three", Quota: 3, Window: 3 * time.Minute, Shared: true}

// clock is a time that a test moves.
type clock struct{ moved atomic.Int64 }

func (c *clock) now() time.Time        { return time.Unix(1e9, 0).Add(time.Duration(c.moved.Load())) }
func (c *clock) move(by time.Duration) { c.moved.Add(int64(by)) }
func local() (*limit.Limiter, *clock)  { c := &clock{}; return limit.New(limit.Options{Now: c.now}), c }
func client(t *testing.T) *redis.Client {
	t.Helper()
	options, err := redisurl.Parse(testkit.Redis(t))
	require.NoError(t, err)
	made := redis.NewClient(options)
	t.Cleanup(func() { _ = made.Close() })
	return made
}

// Whoever has used up what there is gets one more as it fills again, and never nothing for good.
func TestSlowedDownNotLockedOut(t *testing.T) {
	t.Parallel()
	l, clock := local()
	for left := 2; left >= 0; left-- {
		result := l.Take(t.Context(), three, "carl")
		require.True(t, result.Allowed)
		require.Equal(t, left, result.Remaining)
		require.NoError(t, result.Refused())
	}
	for range 10 {
		refused := l.Take(t.Context(), three, "carl")
		require.False(t, refused.Allowed)
		require.Equal(t, time.Minute, refused.Retry, "trying on makes it no worse")
		require.Error(t, refused.Refused())
	}
	require.True(t, l.Take(t.Context(), three, "edith").Allowed, "another bucket")
	clock.move(time.Minute)
	require.True(t, l.Take(t.Context(), three, "carl").Allowed)
	require.False(t, l.Take(t.Context(), three, "carl").Allowed)
	clock.move(time.Hour)
	require.Equal(t, 2, l.Take(t.Context(), three, "carl").Remaining)
	l.Forget(t.Context(), three, "carl")
	require.Equal(t, 2, l.Take(t.Context(), three, "carl").Remaining)
	require.True(t, l.Take(t.Context(), limit.Policy{}, "carl").Allowed, "no policy bounds nothing")
}

// Two processes that share Redis count together; an address does not stand there.
func TestShared(t *testing.T) {
	t.Parallel()
	redis := client(t)
	one, other := limit.New(limit.Options{Redis: redis}), limit.New(limit.Options{Redis: redis})
	var allowed atomic.Int32
	var trying sync.WaitGroup
	for i := range 20 {
		trying.Go(func() {
			l := one
			if i%2 == 0 {
				l = other
			}
			if l.Take(t.Context(), three, "carl@example.com").Allowed {
				allowed.Add(1)
			}
		})
	}
	trying.Wait()
	require.EqualValues(t, 3, allowed.Load())
	refused := one.Take(t.Context(), three, "carl@example.com")
	require.InDelta(t, time.Minute.Seconds(), refused.Retry.Seconds(), 30)
	keys, err := redis.Keys(t.Context(), "*").Result()
	require.NoError(t, err)
	require.NotEmpty(t, keys)
	for _, key := range keys {
		require.NotContains(t, key, "carl")
	}
	other.Forget(t.Context(), three, "carl@example.com")
	require.True(t, one.Take(t.Context(), three, "carl@example.com").Allowed)
}

// Without Redis a process counts by itself, and asks again after a moment.
func TestWithoutRedis(t *testing.T) {
	t.Parallel()
	away := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1})
	t.Cleanup(func() { _ = away.Close() })
	l := limit.New(limit.Options{Redis: away})
	for range 3 {
		require.True(t, l.Take(t.Context(), three, "carl").Allowed)
	}
	require.False(t, l.Take(t.Context(), three, "carl").Allowed)
	l.Forget(t.Context(), three, "carl")
	require.True(t, l.Take(t.Context(), three, "carl").Allowed)
}

// A flood of names costs bounded memory, and does not reach whoever is counted already for long.
func TestFloodOfNames(t *testing.T) {
	t.Parallel()
	l, _ := local()
	for i := range 200_000 {
		require.True(t, l.Take(t.Context(), three, fmt.Sprint(i)).Allowed)
	}
	require.LessOrEqual(t, l.Kept(), 1<<16)
}

// However fast something is done, the answer comes at the pace; what takes
// longer takes a whole number of them.
func TestEvenly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		for took, want := range map[time.Duration]time.Duration{
			0: time.Second, 999 * time.Millisecond: time.Second, 1001 * time.Millisecond: 2 * time.Second,
		} {
			began := time.Now()
			err := limit.Evenly(t.Context(), time.Second, func() error { time.Sleep(took); return broken })
			require.ErrorIs(t, err, broken)
			require.Equal(t, want, time.Since(began))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		began := time.Now()
		require.NoError(t, limit.Evenly(ctx, time.Second, func() error { return nil }))
		require.Zero(t, time.Since(began))
	})
}
