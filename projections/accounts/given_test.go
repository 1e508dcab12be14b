package accounts

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
	acme, news, blog              = storytest.Acme, storytest.News, storytest.Blog
	olivia, carl                  = storytest.Olivia, storytest.Carl
	at                            = storytest.At
	oldKey, newKey                = storytest.OldKey, storytest.NewKey
	founded, newsAdded, blogAdded = storytest.Founded, storytest.NewsAdded, storytest.BlogAdded
	connected, died, neverThere   = storytest.Connected, storytest.Died, storytest.NeverThere
	inAcme, onNews                = storytest.InAcme, storytest.OnNews
	record, eventID               = storytest.Record, storytest.EventID
)

// install makes the tables alone: who sees them is asked of another view's, and
// tested where all of them are.
func install(ctx context.Context, pool *pgxpool.Pool) error {
	tables := View
	tables.Access = ""
	return view.Install(ctx, pool, tables)
}

func given(t *testing.T, log ...eventstore.Recorded) storytest.Told {
	t.Helper()
	return storytest.Given(t, install, []view.View{View}, log...)
}

func then[R any](g storytest.Told, table rows.Table[R], want ...R) { storytest.Then(g, table, want...) }

func TestTablesAreAsDescribed(t *testing.T) {
	t.Parallel()
	storytest.Described(t, testkit.Postgres(t, install), accounts.Shape, connections.Shape)
}
