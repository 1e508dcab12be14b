//go:build long

package promises

import (
	"testing"

	"behalf/projections"
	"behalf/projections/engine"
	"behalf/projections/rebuild"
	"behalf/projections/viewtest"

	"github.com/stretchr/testify/require"
)

// A view that followed 100,000 events one by one is, row by row, the one that
// is made of them in large steps, before and after a rebuild.
func TestLiveAndRebuiltViewsAreTheSameOverALongHistory(t *testing.T) {
	t.Parallel()
	const events = 100_000
	db := open(t)
	require.NoError(t, viewtest.Load(t.Context(), db.super, events))
	db.engine(db.store, engine.Options{Bulk: events + 1})
	for _, v := range projections.Views() {
		db.reachWithin(30*patience, v, events)
		db.same(v)
		report, err := db.rebuild(v, rebuild.Options{})
		require.NoError(t, err)
		require.True(t, report.Compared)
		require.NotZero(t, report.Events)
		db.same(v)
	}
}
