package posts

import (
	"testing"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/internal/testkit"
	"behalf/projections"
	"behalf/projections/reading"
	"behalf/projections/storytest"

	"github.com/stretchr/testify/require"
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
	noon, at                             = storytest.Noon, storytest.At
	ofAcme, asCarl                       = storytest.OfAcme, storytest.AsCarl
	oldKey, attempt, sealed, scheduledAt = storytest.OldKey, storytest.Attempt, storytest.Sealed, storytest.ScheduledAt
	composed, planned, claimed           = storytest.Composed, storytest.Planned, storytest.Claimed
	onHello, postN, team, record         = storytest.OnHello, storytest.PostN, storytest.Team, storytest.Record
)

// readerOn is asked what there is: it waits for nothing.
func readerOn(t *testing.T, log ...domain.Change) *reading.Reader {
	t.Helper()
	return reading.New(given(t, record(log...)...).Under(eventstore.RoleAPI), nil)
}

func value[T any](t *testing.T) func(reading.Answer[T], error) T {
	return func(answer reading.Answer[T], err error) T {
		t.Helper()
		require.NoError(t, err)
		return answer.Value
	}
}

func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	stage.PrepareStatements(t)
}
