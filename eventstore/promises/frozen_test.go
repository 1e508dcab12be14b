package promises

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/eventstore/storetest"
)

// A frozen leader keeps its session and its lock. Those that stand by move the
// mark in its place.
func TestAFrozenLeaderStallsNobody(t *testing.T) {
	t.Parallel()
	db := open(t)
	frozen, err := db.super.Acquire(t.Context())
	require.NoError(t, err)
	defer frozen.Release()
	var leads bool
	require.NoError(t, frozen.QueryRow(t.Context(), "select pg_try_advisory_lock(25192, 2)").Scan(&leads))
	require.True(t, leads)
	events := joinMany(t, db, 3)
	storetest.Lead(t, db.store)
	require.Eventually(t, func() bool {
		mark, err := db.store.HighWater(t.Context())
		return err == nil && mark >= events[2].Position
	}, time.Minute, 20*time.Millisecond, "nobody moves the mark")
	_, err = frozen.Exec(t.Context(), "select pg_advisory_unlock(25192, 2)")
	require.NoError(t, err)
}
