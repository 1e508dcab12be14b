package testkit

import (
	"context"
	"testing"

	"behalf/internal/devservices"

	"github.com/stretchr/testify/require"
)

// Redis starts a Redis of this test's own and returns its address (see
// internal/redisurl). It is stopped when the test ends.
func Redis(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startPatience)
	defer cancel()
	services, err := devservices.Start(ctx, devservices.Options{Throwaway: true, SkipPostgres: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, services.Stop(context.WithoutCancel(t.Context()))) })
	return services.RedisURL
}
