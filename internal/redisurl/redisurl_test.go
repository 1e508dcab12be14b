package redisurl

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]struct {
		network, addr, password string
		db                      int
		tls                     bool
	}{
		"redis://localhost:6380/3":              {"tcp", "localhost:6380", "", 3, false},
		"redis://:secret@10.0.0.1/0":            {"tcp", "10.0.0.1:6379", "secret", 0, false},
		"rediss://user:secret@redis.example:1/": {"tcp", "redis.example:1", "secret", 0, true},
		"unix:///run/behalf/redis.sock?db=2":    {"unix", "/run/behalf/redis.sock", "", 2, false},
	} {
		options, err := Parse(address)
		require.NoError(t, err, address)
		require.Equal(t, want.network, options.Network, address)
		require.Equal(t, want.addr, options.Addr, address)
		require.Equal(t, want.password, options.Password, address)
		require.Equal(t, want.db, options.DB, address)
		require.Equal(t, want.tls, options.TLSConfig != nil, address)
	}
}

func TestAsynqGetsTheSameOptions(t *testing.T) {
	t.Parallel()
	option, err := Asynq("unix:///run/behalf/redis.sock?db=2&pool_size=7&read_timeout=9s")
	require.NoError(t, err)
	one, ok := option.MakeRedisClient().(redis.UniversalClient)
	require.True(t, ok, "asynq refuses anything else")
	two := option.MakeRedisClient().(redis.UniversalClient)
	require.NotSame(t, one, two, "asynq closes what it gets")
	require.NoError(t, two.Close())

	options := one.(*redis.Client).Options()
	require.Equal(t, "/run/behalf/redis.sock", options.Addr)
	require.Equal(t, 2, options.DB)
	require.Equal(t, 7, options.PoolSize)
	require.Equal(t, 9*time.Second, options.ReadTimeout)
	require.NoError(t, one.Close())
}

func TestAMalformedAddressIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "localhost:6379", "redis://", "http://u:hunter2@h", "redis://u:hunter2@h/notanumber",
		"redis://u:hunter2@h:port", "unix://", "redis://u:hunter2@h/0?hunter2=1", "redis://u:hunter2%zz@h",
	} {
		_, err := Asynq(address)
		require.ErrorIs(t, err, ErrMalformed, address)
		require.NotContains(t, err.Error(), "hunter2")
	}
}
