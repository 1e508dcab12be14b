package devservices

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"behalf/internal/devservices/child"
	"behalf/internal/devservices/programs"
	"behalf/internal/redisurl"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

func redisClient(t *testing.T, address string) *redis.Client {
	options, err := redisurl.Parse(address)
	require.NoError(t, err)
	options.MaxRetries, options.DialerRetries = -1, 1
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func ping(t *testing.T, address string) string {
	return redisClient(t, address).Ping(t.Context()).Val()
}

func withRedisServer(t *testing.T) {
	if programs.Find(t.Context()).Redis == "" {
		t.Skip("no redis-server is installed")
	}
}

func TestRedisKeepsItsContentAndEvictsNothing(t *testing.T) {
	t.Parallel()
	withRedisServer(t)
	options := Options{Dir: openFolder(t), SkipPostgres: true}
	services := start(t, options)
	require.Equal(t, "redis-server", services.RedisKind)
	require.True(t, strings.HasPrefix(services.RedisURL, "unix://"), services.RedisURL)
	require.Empty(t, services.PostgresURL)
	client := redisClient(t, services.RedisURL)
	require.Equal(t, "noeviction", client.ConfigGet(t.Context(), "maxmemory-policy").Val()["maxmemory-policy"])
	require.NoError(t, client.Set(t.Context(), "kept", "yes", 0).Err())
	require.NoError(t, services.Stop(t.Context()))
	require.Error(t, client.Ping(t.Context()).Err())

	again := redisClient(t, start(t, options).RedisURL)
	require.Equal(t, "yes", again.Get(t.Context(), "kept").Val())
}

func TestAKilledRedisIsReported(t *testing.T) {
	t.Parallel()
	withRedisServer(t)
	options := Options{Dir: openFolder(t), SkipPostgres: true}
	services := start(t, options)
	require.True(t, child.EndLeftovers(filepath.Join(options.Dir, "redis"), "redis-server"))
	require.ErrorContains(t, <-services.Failed(), "redis-server ended by itself")
}

func TestInProcessRedis(t *testing.T) {
	t.Parallel()
	services := start(t, Options{Throwaway: true, SkipPostgres: true, find: noPrograms})
	require.Equal(t, "in-process", services.RedisKind)
	client := redisClient(t, services.RedisURL)
	require.NoError(t, client.Set(t.Context(), "short", "lived", 500*time.Millisecond).Err())
	require.Eventually(t, func() bool { return client.Exists(t.Context(), "short").Val() == 0 },
		patience, 20*time.Millisecond, "its time moves on")

	open := *client.Options()
	open.Password, open.MaxRetries = "", -1
	stranger := redis.NewClient(&open)
	defer stranger.Close()
	require.ErrorContains(t, stranger.Ping(t.Context()).Err(), "NOAUTH")

	require.NoError(t, services.Stop(t.Context()))
	require.Error(t, client.Ping(t.Context()).Err())
}
