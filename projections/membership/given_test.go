package membership

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
	acme, news, blog               = storytest.Acme, storytest.News, storytest.Blog
	olivia, carl                   = storytest.Olivia, storytest.Carl
	dawn, at                       = storytest.Dawn, storytest.At
	first, second, offered, access = storytest.First, storytest.Second, storytest.Offered, storytest.Access
	founded, newsAdded, blogAdded  = storytest.Founded, storytest.NewsAdded, storytest.BlogAdded
	invited, accepted, sealed      = storytest.Invited, storytest.Accepted, storytest.Sealed
	inAcme                         = storytest.InAcme
	record, eventID                = storytest.Record, storytest.EventID
)

var views = []view.View{Members, People, Invitations}

// install makes the tables of these views alone: they stand by themselves.
func install(ctx context.Context, pool *pgxpool.Pool) error { return view.Install(ctx, pool, views...) }

func given(t *testing.T, log ...eventstore.Recorded) storytest.Told {
	t.Helper()
	return storytest.Given(t, install, views, log...)
}

func then[R any](g storytest.Told, table rows.Table[R], want ...R) { storytest.Then(g, table, want...) }

func TestTablesAreAsDescribed(t *testing.T) {
	t.Parallel()
	storytest.Described(t, testkit.Postgres(t, install), workspaces.Shape, members.Shape, assignments.Shape, people.Shape, invitations.Shape)
}
