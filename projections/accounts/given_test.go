package accounts

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
	acme, news, blog              = storytest.Acme, storytest.News, storytest.Blog
	olivia, carl                  = storytest.Olivia, storytest.Carl
	at                            = storytest.At
	oldKey, newKey                = storytest.OldKey, storytest.NewKey
	founded, newsAdded, blogAdded = storytest.Founded, storytest.NewsAdded, storytest.BlogAdded
	connected, died, neverThere   = storytest.Connected, storytest.Died, storytest.NeverThere
	inAcme, onNews                = storytest.InAcme, storytest.OnNews
	record, eventID               = storytest.Record, storytest.EventID
)

func then[R any](g storytest.Told, table rows.Table[R], want ...R) { storytest.Then(g, table, want...) }

func TestTablesAreAsDescribed(t *testing.T) {
	t.Parallel()
	stage.Described(t, accounts.Shape, connections.Shape)
}
