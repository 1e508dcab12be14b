package chaos_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/sitetest"
	"behalf/internal/redisurl"
)

// outageTime is how long a Postgres that is restarted is away.
const outageTime = 1500 * time.Millisecond

// disturbed starts the round's second worker into its outage. What mend ends is
// still broken meanwhile.
func (c *chaos) disturbed(ctx context.Context, t *testing.T, o outage) (second *sitetest.Process, mend func()) {
	t.Helper()
	mend = func() {}
	switch o {
	case redisFlushed:
		c.flush(ctx, t)
	case redisDown:
		c.private.redis.stop(t)
		mend = func() { c.private.redis.start(ctx, t) }
	}
	second = c.worker(t)
	switch o {
	case postgresBegun:
		c.sweeping(ctx, t)
		c.private.postgres.stop(t)
		time.Sleep(outageTime) // the outage itself
		c.private.postgres.start(ctx, t)
	case postgresKilled:
		c.sweeping(ctx, t)
		c.private.postgres.kill(t)
		c.private.postgres.start(ctx, t)
	}
	return second, mend
}

// flush loses all of Redis.
func (c *chaos) flush(ctx context.Context, t *testing.T) {
	t.Helper()
	options, err := redisurl.Parse(c.Variables["REDIS_URL"])
	require.NoError(t, err)
	client := redis.NewClient(options)
	defer func() { require.NoError(t, client.Close()) }()
	require.NoError(t, client.FlushAll(ctx).Err())
}

// sweeping waits until a worker that has just been started is at work: it
// begins with a sweep.
func (c *chaos) sweeping(ctx context.Context, t *testing.T) {
	t.Helper()
	since := c.swept(ctx)
	require.Eventually(t, func() bool { return c.swept(ctx).After(since) }, sitetest.TestTime, 5*time.Millisecond)
}

func (c *chaos) swept(ctx context.Context) (at time.Time) {
	_ = c.Database.QueryRow(ctx, "select max(begun_at) from workers.rounds").Scan(&at) // none yet
	return at
}
