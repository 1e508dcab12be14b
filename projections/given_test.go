package projections

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

func TestMain(m *testing.M) { testkit.Main(m) }

// The people and things of the tests.
var (
	acme   = domain.WorkspaceID{0: 1, 15: 1}
	olivia = domain.UserID{0: 2, 15: 1}
	carl   = domain.UserID{0: 2, 15: 2}
	news   = domain.AccountID{0: 3, 15: 1}
	blog   = domain.AccountID{0: 3, 15: 2}
	hello  = domain.PostID{0: 4, 15: 1}
	dawn   = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
)

// at is the moment at which the test's nth event was recorded.
func at(n int) time.Time { return dawn.Add(time.Duration(n) * time.Second) }

// eventID is the id of the test's nth event.
func eventID(n int) domain.EventID { return domain.EventID{0: 9, 15: byte(n)} }

// record makes a log of changes: positions and versions count from 1, and
// Olivia did it all.
func record(changes ...domain.Change) []eventstore.Recorded {
	versions := map[domain.Stream]int{}
	log := make([]eventstore.Recorded, len(changes))
	for i, change := range changes {
		n := i + 1
		versions[change.Stream]++
		log[i] = eventstore.Recorded{
			Position: int64(n), Workspace: acme, Stream: change.Stream, Version: versions[change.Stream],
			ID: eventID(n), Type: change.Event.EventType(), Event: change.Event,
			Metadata: eventstore.Metadata{Actor: olivia}, RecordedAt: at(n),
		}
	}
	return log
}

// told is what the views hold after a log: in memory and in Postgres.
type told struct {
	t      *testing.T
	memory *rowstest.Memory
	tables *pgxpool.Pool
}

// given applies a log to all views, in both places.
func given(t *testing.T, log ...eventstore.Recorded) told {
	t.Helper()
	g := told{t: t, memory: new(rowstest.Memory), tables: testkit.Postgres(t, Install)}
	err := pgx.BeginFunc(t.Context(), g.tables, func(tx pgx.Tx) error {
		return tell(t.Context(), log, g.memory, rows.Live{Tx: tx, Schema: view.Names})
	})
	require.NoError(t, err)
	return g
}

func tell(ctx context.Context, log []eventstore.Recorded, writers ...rows.Writer) error {
	for _, recorded := range log {
		for _, one := range Views() {
			for _, writer := range writers {
				if err := writer.Apply(ctx, one.Handle(recorded)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// then checks a table's rows, in the order of their keys.
func then[R any](g told, table rows.Table[R], want ...R) {
	g.t.Helper()
	if want == nil {
		want = []R{}
	}
	held, err := rowstest.Rows(g.memory, table)
	require.NoError(g.t, err)
	require.Equal(g.t, want, held, "in memory")

	found, err := g.tables.Query(g.t.Context(), "select * from views."+table.Shape.Name+" order by "+strings.Join(table.Shape.Key, ", "))
	require.NoError(g.t, err)
	stored, err := rows.Collect[R](found)
	require.NoError(g.t, err)
	require.Equal(g.t, want, stored, "in Postgres")
}

// all are a table's rows in memory, in the order of their keys; theOnly answers a single row.
func all[R any](g told, table rows.Table[R]) []R {
	g.t.Helper()
	held, err := rowstest.Rows(g.memory, table)
	require.NoError(g.t, err)
	return held
}

func theOnly[R any](g told, table rows.Table[R]) R {
	g.t.Helper()
	held := all(g, table)
	require.Len(g.t, held, 1)
	return held[0]
}
