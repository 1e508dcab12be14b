package sweep

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/eventstore"
	"behalf/internal/testkit"

	"github.com/jackc/pgx/v5/pgxpool"
)

// In an interval one process takes the round, and nobody has to give it back.
func TestOneTakesTheRound(t *testing.T) {
	t.Parallel()
	config := eventstore.UnderRole(testkit.Postgres(t).Config(), eventstore.RoleEngine)
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)

	taken := make(chan bool, 8)
	for range cap(taken) {
		go func() {
			took, err := New(Deps{Pool: pool}).takeRound(t.Context(), time.Hour)
			taken <- took && err == nil
		}()
	}
	rounds := 0
	for range cap(taken) {
		if <-taken {
			rounds++
		}
	}
	require.Equal(t, 1, rounds)
	again, err := New(Deps{Pool: pool}).takeRound(t.Context(), 0)
	require.NoError(t, err)
	require.True(t, again, "whoever starts sweeps at once")

	_, err = pool.Exec(t.Context(), "update workers.rounds set begun_at = clock_timestamp() + interval '1 day'")
	require.NoError(t, err)
	again, err = New(Deps{Pool: pool}).takeRound(t.Context(), time.Hour)
	require.NoError(t, err)
	require.True(t, again, "the clock was set back")
}
