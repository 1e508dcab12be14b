package chaos_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/devservices"
)

// private is a Postgres and a Redis of one test's own, processes that can be
// stopped for real and started again where they were, with what they kept.
type private struct{ postgres, redis *service }

// service is one of them.
type service struct {
	options devservices.Options
	running *devservices.Services // nil while it is stopped
}

func openPrivate(ctx context.Context, t *testing.T) *private {
	t.Helper()
	folder, err := os.MkdirTemp("", "behalf-test-") // not the test's own: the services' user has to reach it, by a short way
	require.NoError(t, err)
	require.NoError(t, os.Chmod(folder, 0o711))
	p := &private{
		postgres: &service{options: devservices.Options{Dir: filepath.Join(folder, "p"), SkipRedis: true}},
		redis:    &service{options: devservices.Options{Dir: filepath.Join(folder, "r"), SkipPostgres: true}},
	}
	t.Cleanup(func() {
		p.postgres.stop(t)
		p.redis.stop(t)
		require.NoError(t, os.RemoveAll(folder))
	})
	p.postgres.start(ctx, t)
	p.redis.start(ctx, t)
	require.Equal(t, "redis-server", p.redis.running.RedisKind, "a Redis in this process cannot be stopped for real")
	return p
}

// variables name the services; their addresses stay the same.
func (p *private) variables() map[string]string {
	return map[string]string{
		"DATABASE_URL": p.postgres.running.PostgresURL,
		"REDIS_URL":    p.redis.running.RedisURL,
		"BEHALF_KEY":   base64.StdEncoding.EncodeToString([]byte(rand.Text() + "123456")),
	}
}

// start does nothing where it runs.
func (s *service) start(ctx context.Context, t *testing.T) {
	t.Helper()
	if s.running != nil {
		return
	}
	var err error
	s.running, err = devservices.Start(ctx, s.options)
	require.NoError(t, err)
}

// stop returns when the process is gone.
func (s *service) stop(t *testing.T) {
	t.Helper()
	if s.running == nil {
		return
	}
	require.NoError(t, s.running.Stop(context.Background()))
	s.running = nil
}

// kill ends it as a machine that loses its power does: nothing is finished.
func (s *service) kill(t *testing.T) {
	t.Helper()
	if s.running == nil {
		return
	}
	at, cancel := context.WithCancel(context.Background())
	cancel()
	require.NoError(t, s.running.Stop(at))
	s.running = nil
}
