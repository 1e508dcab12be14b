package storytest

import (
	"context"
	"testing"

	"behalf/eventstore"
	"behalf/internal/testkit"
	"behalf/projections/rows"
	"behalf/projections/rows/rowstest"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// Stage is where the story is told: views, and what makes their tables. All that is
// told on one stage is told in copies of one database.
type Stage struct {
	Views   []view.View
	Install testkit.Setup
}

// Alone is a stage for a room's own views. Its tables stand without what says who
// sees them: that may be asked of other views, and is tested where all of them are.
func Alone(views ...view.View) Stage {
	tables := make([]view.View, len(views))
	for i, one := range views {
		one.Access = ""
		tables[i] = one
	}
	return Stage{Views: views, Install: func(ctx context.Context, pool *pgxpool.Pool) error { return view.Install(ctx, pool, tables...) }}
}

// Given applies a log to the views: in memory and in Postgres.
func (s Stage) Given(t *testing.T, log ...eventstore.Recorded) Told {
	t.Helper()
	g := Told{t: t, memory: new(rowstest.Memory), Tables: testkit.Postgres(t, s.Install)}
	err := pgx.BeginFunc(t.Context(), g.Tables, func(tx pgx.Tx) error {
		return Tell(t.Context(), s.Views, log, g.memory, rows.Live{Tx: tx, Schema: view.Names})
	})
	require.NoError(t, err)
	return g
}
