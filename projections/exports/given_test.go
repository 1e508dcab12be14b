package exports

import (
	"context"
	"testing"

	"behalf/eventstore"
	"behalf/internal/testkit"
	"behalf/projections/rows"
	"behalf/projections/storytest"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5/pgxpool"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// The story's people and things, what happens in it, and what it is told with.
var (
	acme, olivia, dawn, at  = storytest.Acme, storytest.Olivia, storytest.Dawn, storytest.At
	founded, inAcme, record = storytest.Founded, storytest.InAcme, storytest.Record
)

// install makes the tables of this view alone: they stand by themselves.
func install(ctx context.Context, pool *pgxpool.Pool) error { return view.Install(ctx, pool, View) }

func given(t *testing.T, log ...eventstore.Recorded) storytest.Told {
	t.Helper()
	return storytest.Given(t, install, []view.View{View}, log...)
}

func then[R any](g storytest.Told, table rows.Table[R], want ...R) { storytest.Then(g, table, want...) }

func TestTablesAreAsDescribed(t *testing.T) {
	t.Parallel()
	storytest.Described(t, testkit.Postgres(t, install), exports.Shape)
}
