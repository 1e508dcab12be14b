package reading

import (
	"testing"

	"behalf/internal/testkit"
	"behalf/projections"
	"behalf/projections/storytest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	stage = storytest.Stage{Views: projections.Views(), Install: projections.Install}
	given = stage.Given
)

// The story's people and things, what happens in it, and what it is told with.
var (
	acme, news, blog, hello       = storytest.Acme, storytest.News, storytest.Blog, storytest.Hello
	olivia, carl, dora            = storytest.Olivia, storytest.Carl, storytest.Dora
	dawn, at                      = storytest.Dawn, storytest.At
	ofAcme, asCarl                = storytest.OfAcme, storytest.AsCarl
	first, second, offered        = storytest.First, storytest.Second, storytest.Offered
	access, newKey, neverThere    = storytest.Access, storytest.NewKey, storytest.NeverThere
	founded, newsAdded, blogAdded = storytest.Founded, storytest.NewsAdded, storytest.BlogAdded
	invited, accepted, sealed     = storytest.Invited, storytest.Accepted, storytest.Sealed
	composed, planned             = storytest.Composed, storytest.Planned
	inAcme, onNews, onHello, team = storytest.InAcme, storytest.OnNews, storytest.OnHello, storytest.Team
	record, eventID               = storytest.Record, storytest.EventID
)

func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	stage.PrepareStatements(t)
}
