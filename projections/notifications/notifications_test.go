package notifications

import (
	"testing"

	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/internal/testkit"
	"behalf/projections/storytest"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var stage = storytest.Alone(View)

func given(t *testing.T, log ...domain.Change) storytest.Told {
	t.Helper()
	return stage.Given(t, storytest.Record(log...)...)
}

func TestTablesAreAsDescribed(t *testing.T) {
	t.Parallel()
	stage.Described(t, notifications.Shape, notifiedNames.Shape, announcements.Shape)
}

// R66: of who was erased there is nothing left to be told.
func TestErasedAreToldNothing(t *testing.T) {
	t.Parallel()
	log := storytest.InAcme(storytest.Founded, storytest.NewsAdded, storytest.Invited(storytest.First), storytest.Accepted(storytest.First))
	require.NotEmpty(t, storytest.All(given(t, log...), notifications))
	erased := domain.On(user.Stream(storytest.Carl), user.PasswordChanged{}, user.Erased{})
	storytest.Then(given(t, append(log, erased...)...), notifications)
}

// R13: of a workspace that is deleted there is nothing left to be told to its members.
func TestOfADeletedWorkspaceNothingIsTold(t *testing.T) {
	t.Parallel()
	begun := []domain.Event{storytest.Founded, workspace.PublishingPaused{}, workspace.Renamed{From: "Acme", To: "Apex"}}
	require.Len(t, storytest.All(given(t, storytest.InAcme(begun...)...), announcements), 2)
	storytest.Then(given(t, storytest.InAcme(append(begun, workspace.Deleted{})...)...), announcements)
}
