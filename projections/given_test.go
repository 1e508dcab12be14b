package projections

import (
	"context"
	"testing"

	"behalf/eventstore"
	"behalf/internal/testkit"
	"behalf/projections/rows"
	"behalf/projections/storytest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// The story's people and things, what happens in it, and what it is told with.
var (
	acme, news, blog               = storytest.Acme, storytest.News, storytest.Blog
	olivia, carl                   = storytest.Olivia, storytest.Carl
	dawn, at                       = storytest.Dawn, storytest.At
	first, second, offered, access = storytest.First, storytest.Second, storytest.Offered, storytest.Access
	oldKey, newKey, attempt        = storytest.OldKey, storytest.NewKey, storytest.Attempt
	founded, newsAdded, blogAdded  = storytest.Founded, storytest.NewsAdded, storytest.BlogAdded
	invited, accepted, sealed      = storytest.Invited, storytest.Accepted, storytest.Sealed
	connected, died, neverThere    = storytest.Connected, storytest.Died, storytest.NeverThere
	composed, planned, claimed     = storytest.Composed, storytest.Planned, storytest.Claimed
	inAcme, onNews, onHello        = storytest.InAcme, storytest.OnNews, storytest.OnHello
	record, eventID                = storytest.Record, storytest.EventID
)

func given(t *testing.T, log ...eventstore.Recorded) storytest.Told {
	t.Helper()
	return storytest.Given(t, Install, Views(), log...)
}

func then[R any](g storytest.Told, table rows.Table[R], want ...R) { storytest.Then(g, table, want...) }

func tell(ctx context.Context, log []eventstore.Recorded, writers ...rows.Writer) error {
	return storytest.Tell(ctx, Views(), log, writers...)
}
