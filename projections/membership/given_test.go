package membership

import (
	"testing"

	"behalf/internal/testkit"
	"behalf/projections/rows"
	"behalf/projections/storytest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	stage = storytest.Alone(Members, People, Invitations)
	given = stage.Given
)

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

func then[R any](g storytest.Told, table rows.Table[R], want ...R) { storytest.Then(g, table, want...) }

func TestTablesAreAsDescribed(t *testing.T) {
	t.Parallel()
	stage.Described(t, workspaces.Shape, members.Shape, assignments.Shape, people.Shape, invitations.Shape)
}
