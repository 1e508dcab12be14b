package posts

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
	acme, news, blog, hello    = storytest.Acme, storytest.News, storytest.Blog, storytest.Hello
	olivia, carl               = storytest.Olivia, storytest.Carl
	noon, at                   = storytest.Noon, storytest.At
	oldKey, attempt            = storytest.OldKey, storytest.Attempt
	composed, planned, claimed = storytest.Composed, storytest.Planned, storytest.Claimed
	onHello, record            = storytest.OnHello, storytest.Record
)

// install makes the tables of this view alone: they stand by themselves.
func install(ctx context.Context, pool *pgxpool.Pool) error { return view.Install(ctx, pool, View) }

func given(t *testing.T, log ...eventstore.Recorded) storytest.Told {
	t.Helper()
	return storytest.Given(t, install, []view.View{View}, log...)
}

func then[R any](g storytest.Told, table rows.Table[R], want ...R) { storytest.Then(g, table, want...) }

func all[R any](g storytest.Told, table rows.Table[R]) []R { return storytest.All(g, table) }

func TestTablesAreAsDescribed(t *testing.T) {
	t.Parallel()
	storytest.Described(t, testkit.Postgres(t, install),
		posts.Shape, targets.Shape, departures.Shape, revisions.Shape, approvals.Shape, comments.Shape)
}
