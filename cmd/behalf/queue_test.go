package main

import (
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/internal/networks/sandbox/network"
	"behalf/internal/redisurl"
)

// TestRedisLostWhileAPostIsScheduled: all of Redis is lost between scheduling
// and publishing, and with it the worker that may have remembered. The queue
// is derived again from Postgres.
func TestRedisLostWhileAPostIsScheduled(t *testing.T) {
	t.Parallel()
	ctx, s := openSite(t)
	options, err := redisurl.Parse(s.variables["REDIS_URL"])
	require.NoError(t, err)
	client := redis.NewClient(options)
	defer func() { require.NoError(t, client.Close()) }()

	first := s.work(t)
	due := time.Now().Add(5 * time.Second)
	post := s.publish(ctx, t, "SchedulePost", map[string]any{"text": "on time", "at": due})
	require.Eventually(t, func() bool {
		queued, err := client.Keys(ctx, "asynq:{publish}:t:*").Result()
		return err == nil && len(queued) > 0
	}, testTime, 10*time.Millisecond, "the post was never queued")
	first.end(syscall.SIGKILL)
	require.NoError(t, client.FlushAll(ctx).Err())

	s.work(t)
	s.await(ctx, t, post, "published")
	s.postsExactly(ctx, t, 1)
	s.requestsExactly(ctx, t, 1)
	log, err := s.sandbox.Log(ctx)
	require.NoError(t, err)
	sent := log.On(network.DemoPage).Requests[0].At
	require.False(t, sent.Before(due), "sent %s early", due.Sub(sent))
}
