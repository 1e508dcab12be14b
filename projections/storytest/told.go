package storytest

import (
	"context"
	"strings"
	"testing"
	"time"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/internal/testkit"
	"behalf/projections/rows"
	"behalf/projections/rows/rowstest"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// At is the moment at which the story's nth event was recorded.
func At(n int) time.Time { return Dawn.Add(time.Duration(n) * time.Second) }

// EventID is the id of the story's nth event.
func EventID(n int) domain.EventID { return domain.EventID{0: 9, 15: byte(n)} }

// Record makes a log of changes: positions and versions count from 1, and
// Olivia did it all.
func Record(changes ...domain.Change) []eventstore.Recorded {
	versions := map[domain.Stream]int{}
	log := make([]eventstore.Recorded, len(changes))
	for i, change := range changes {
		n := i + 1
		versions[change.Stream]++
		log[i] = eventstore.Recorded{
			Position: int64(n), Workspace: Acme, Stream: change.Stream, Version: versions[change.Stream],
			ID: EventID(n), Type: change.Event.EventType(), Event: change.Event,
			Metadata: eventstore.Metadata{Actor: Olivia}, RecordedAt: At(n),
		}
	}
	return log
}

// Told is what views hold after a log: in memory and in Postgres.
type Told struct {
	Tables *pgxpool.Pool
	t      *testing.T
	memory *rowstest.Memory
}

// Given applies a log to views, in both places. install makes the tables of these
// views; whoever passes the same function shares the database that it is copied from.
func Given(t *testing.T, install testkit.Setup, views []view.View, log ...eventstore.Recorded) Told {
	t.Helper()
	g := Told{t: t, memory: new(rowstest.Memory), Tables: testkit.Postgres(t, install)}
	err := pgx.BeginFunc(t.Context(), g.Tables, func(tx pgx.Tx) error {
		return Tell(t.Context(), views, log, g.memory, rows.Live{Tx: tx, Schema: view.Names})
	})
	require.NoError(t, err)
	return g
}

// Tell applies a log to views, wherever the writers keep their rows.
func Tell(ctx context.Context, views []view.View, log []eventstore.Recorded, writers ...rows.Writer) error {
	for _, recorded := range log {
		for _, one := range views {
			for _, writer := range writers {
				if err := writer.Apply(ctx, one.Handle(recorded)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Then checks a table's rows, in the order of their keys.
func Then[R any](g Told, table rows.Table[R], want ...R) {
	g.t.Helper()
	if want == nil {
		want = []R{}
	}
	require.Equal(g.t, want, All(g, table), "in memory")

	found, err := g.Tables.Query(g.t.Context(), "select * from views."+table.Shape.Name+" order by "+strings.Join(table.Shape.Key, ", "))
	require.NoError(g.t, err)
	stored, err := rows.Collect[R](found)
	require.NoError(g.t, err)
	require.Equal(g.t, want, stored, "in Postgres")
}

// All are a table's rows in memory, in the order of their keys.
func All[R any](g Told, table rows.Table[R]) []R {
	g.t.Helper()
	held, err := rowstest.Rows(g.memory, table)
	require.NoError(g.t, err)
	return held
}

// Under is the tables' database, seen by a role.
func (g Told) Under(role string) *pgxpool.Pool { return Under(g.t, g.Tables, role) }

// Under is a database, seen by a role.
func Under(t *testing.T, pool *pgxpool.Pool, role string) *pgxpool.Pool {
	t.Helper()
	limited, err := pgxpool.NewWithConfig(t.Context(), eventstore.UnderRole(pool.Config(), role))
	require.NoError(t, err)
	t.Cleanup(limited.Close)
	return limited
}
