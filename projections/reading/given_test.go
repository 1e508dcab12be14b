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
	acme, news, blog, hello              = storytest.Acme, storytest.News, storytest.Blog, storytest.Hello
	olivia, carl, dora                   = storytest.Olivia, storytest.Carl, storytest.Dora
	dawn, noon, at                       = storytest.Dawn, storytest.Noon, storytest.At
	ofAcme, asCarl                       = storytest.OfAcme, storytest.AsCarl
	first, second, offered, access       = storytest.First, storytest.Second, storytest.Offered, storytest.Access
	oldKey, newKey, attempt              = storytest.OldKey, storytest.NewKey, storytest.Attempt
	founded, newsAdded, blogAdded        = storytest.Founded, storytest.NewsAdded, storytest.BlogAdded
	invited, accepted, sealed            = storytest.Invited, storytest.Accepted, storytest.Sealed
	neverThere                           = storytest.NeverThere
	composed, planned, claimed           = storytest.Composed, storytest.Planned, storytest.Claimed
	inAcme, onNews, onHello, postN, team = storytest.InAcme, storytest.OnNews, storytest.OnHello, storytest.PostN, storytest.Team
	record, eventID, scheduledAt         = storytest.Record, storytest.EventID, storytest.ScheduledAt
)

func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	stage.PrepareStatements(t)
}
