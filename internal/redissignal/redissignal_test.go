package redissignal_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/internal/redissignal"
	"behalf/internal/redisurl"
	"behalf/internal/testkit"

	"context"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const patience = 20 * time.Second

// process is one process's bus over a Redis.
func process(t *testing.T, address string) *redissignal.Bus {
	t.Helper()
	options, err := redisurl.Parse(address)
	require.NoError(t, err)
	client := redis.NewClient(options)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	bus := redissignal.New(client, "test", slog.New(slog.DiscardHandler), "one", "two")
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	first := bus.Signal("one").Next()
	go func() { ended <- bus.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	if address != away {
		woken(t, first) // it has subscribed
	}
	return bus
}

const away = "redis://127.0.0.1:1/0"

func woken(t *testing.T, next <-chan struct{}) {
	t.Helper()
	select {
	case <-next:
	case <-time.After(patience):
		require.FailNow(t, "nobody woke us")
	}
}

// A wake-up reaches this process and the others, and the name that it has alone.
func TestAcrossProcesses(t *testing.T) {
	t.Parallel()
	address := testkit.Redis(t)
	here, there := process(t, address), process(t, address)
	local, remote, other := here.Signal("one").Next(), there.Signal("one").Next(), there.Signal("two").Next()
	here.Signal("one").Notify()
	woken(t, local)
	woken(t, remote)
	there.Signal("two").Notify()
	woken(t, other)

	// whatever is sent comes in order: "one" woke nobody who waits for "two" over there
	silent, marker := there.Signal("one").Next(), there.Signal("two").Next()
	here.Signal("two").Notify()
	woken(t, marker)
	select {
	case <-silent:
		require.FailNow(t, "another name woke us")
	default:
	}
}

// Many notifications never block, and the last one arrives.
func TestCoalesced(t *testing.T) {
	t.Parallel()
	address := testkit.Redis(t)
	here, there := process(t, address), process(t, address)
	for range 10_000 {
		here.Signal("one").Notify()
	}
	next := there.Signal("one").Next()
	here.Signal("one").Notify()
	woken(t, next)
}

// Without Redis it works within the process, and nothing blocks.
func TestRedisAway(t *testing.T) {
	t.Parallel()
	bus := process(t, away)
	for range 100 {
		next := bus.Signal("one").Next()
		bus.Signal("one").Notify()
		woken(t, next)
	}
	bus.Signal("two").Wait(t.Context(), time.Millisecond) // the caller's own polling
}

// A connection that is lost comes back by itself, and wakes everybody for what
// may have been missed.
func TestReconnects(t *testing.T) {
	t.Parallel()
	address := testkit.Redis(t)
	here, there := process(t, address), process(t, address)
	options, err := redisurl.Parse(address)
	require.NoError(t, err)
	admin := redis.NewClient(options)
	t.Cleanup(func() { require.NoError(t, admin.Close()) })

	back := there.Signal("two").Next()
	require.NoError(t, admin.ClientKillByFilter(t.Context(), "type", "pubsub").Err())
	woken(t, back)
	next := there.Signal("one").Next()
	require.Eventually(t, func() bool {
		here.Signal("one").Notify()
		select {
		case <-next:
			return true
		default:
			return false
		}
	}, patience, 10*time.Millisecond)
}
