package storytest

import (
	"context"
	"strings"
	"testing"
	"time"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/rows/rowstest"
	"behalf/projections/view"

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
