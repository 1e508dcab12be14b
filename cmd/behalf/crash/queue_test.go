package crash_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/sitetest"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/redisurl"
)

// lateBy is what a post may be late by when its job was lost right before its
// time: the sweeper's interval, and a machine that is busy with other tests.
const lateBy = sitetest.Sweep + time.Second

// queuedFor is how far ahead a post is in Redis rather than in a worker's memory.
const queuedFor = 10 * time.Second

// TestRedisLostUnderAWorker: FLUSHALL while a worker runs and a post waits for
// its time. It goes out once, and is found by the next sweep at the latest.
func TestRedisLostUnderAWorker(t *testing.T) {
	t.Parallel()
	ctx, s := openScene(t)
	client := s.redis(t)
	s.Work(t)
	due := time.Now().Add(queuedFor)
	post := s.Publish(ctx, t, "SchedulePost", map[string]any{"text": "on time", "at": due})
	s.awaitQueued(ctx, t, client)
	require.NoError(t, client.FlushAll(ctx).Err())
	s.Await(ctx, t, post, "published")
	s.sentOnce(ctx, t, due)
}

// TestRedisLostWhileAPostIsScheduled: all of Redis is lost between scheduling
// and publishing, and with it the worker that may have remembered. The queue
// is derived again from Postgres.
func TestRedisLostWhileAPostIsScheduled(t *testing.T) {
	t.Parallel()
	ctx, s := openScene(t)
	client := s.redis(t)
	first := s.Work(t)
	due := time.Now().Add(queuedFor)
	post := s.Publish(ctx, t, "SchedulePost", map[string]any{"text": "on time", "at": due})
	s.awaitQueued(ctx, t, client)
	first.End(syscall.SIGKILL)
	require.NoError(t, client.FlushAll(ctx).Err())

	s.Work(t)
	s.Await(ctx, t, post, "published")
	s.sentOnce(ctx, t, due)
}

func (s scene) redis(t *testing.T) *redis.Client {
	t.Helper()
	options, err := redisurl.Parse(s.Variables["REDIS_URL"])
	require.NoError(t, err)
	client := redis.NewClient(options)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

// awaitQueued waits until the post is in Redis: it has to be there to be lost.
func (s scene) awaitQueued(ctx context.Context, t *testing.T, client *redis.Client) {
	t.Helper()
	require.Eventually(t, func() bool {
		queued, err := client.Keys(ctx, "asynq:{publish}:t:*").Result()
		return err == nil && len(queued) > 0
	}, sitetest.TestTime, 10*time.Millisecond, "the post was never queued")
}

// sentOnce checks that one post was sent, by one request, neither early nor late.
func (s scene) sentOnce(ctx context.Context, t *testing.T, due time.Time) {
	t.Helper()
	s.postsExactly(ctx, t, 1)
	s.requestsExactly(ctx, t, 1)
	log, err := s.Sandbox.Log(ctx)
	require.NoError(t, err)
	sent := log.On(network.DemoPage).Requests[0].At
	require.False(t, sent.Before(due), "sent %s early", due.Sub(sent))
	require.WithinDuration(t, due, sent, lateBy)
}
