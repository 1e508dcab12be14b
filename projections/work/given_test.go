package work

import (
	"testing"

	"behalf/domain"
	"behalf/eventstore"
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
	acme, news, blog, olivia, carl = storytest.Acme, storytest.News, storytest.Blog, storytest.Olivia, storytest.Carl
	dawn, noon, at                 = storytest.Dawn, storytest.Noon, storytest.At
	first, second                  = storytest.First, storytest.Second
	oldKey, newKey, attempt        = storytest.OldKey, storytest.NewKey, storytest.Attempt
	founded, newsAdded             = storytest.Founded, storytest.NewsAdded
	invited, accepted, sealed      = storytest.Invited, storytest.Accepted, storytest.Sealed
	connected, died, neverThere    = storytest.Connected, storytest.Died, storytest.NeverThere
	composed, claimed              = storytest.Composed, storytest.Claimed
	inAcme, onNews, onHello, postN = storytest.InAcme, storytest.OnNews, storytest.OnHello, storytest.PostN
	record, eventID, scheduledAt   = storytest.Record, storytest.EventID, storytest.ScheduledAt
)

func workOn(t *testing.T, log ...domain.Change) *Reader {
	t.Helper()
	return NewReader(given(t, record(log...)...).Under(eventstore.RoleEngine))
}

func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	stage.PrepareStatements(t)
}
