package posts

import (
	"testing"

	"behalf/internal/testkit"
	"behalf/projections/rows"
	"behalf/projections/storytest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	stage = storytest.Alone(View)
	given = stage.Given
)

// The story's people and things, what happens in it, and what it is told with.
var (
	acme, news, blog, hello    = storytest.Acme, storytest.News, storytest.Blog, storytest.Hello
	olivia, carl               = storytest.Olivia, storytest.Carl
	noon, at                   = storytest.Noon, storytest.At
	oldKey, attempt            = storytest.OldKey, storytest.Attempt
	composed, planned, claimed = storytest.Composed, storytest.Planned, storytest.Claimed
	onHello, record            = storytest.OnHello, storytest.Record
)

func then[R any](g storytest.Told, table rows.Table[R], want ...R) { storytest.Then(g, table, want...) }

func all[R any](g storytest.Told, table rows.Table[R]) []R { return storytest.All(g, table) }

func TestTablesAreAsDescribed(t *testing.T) {
	t.Parallel()
	stage.Described(t, posts.Shape, targets.Shape, departures.Shape, revisions.Shape, approvals.Shape, comments.Shape)
}
