package query_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

// R61, R62: the Owner sees who has gone and what is still to be settled; others
// are not told, and outsiders learn nothing (R32).
func TestDepartures(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl, clara := team.Join(t, "carl", "owner"), team.Join(t, "clara", "owner")
	publish := map[string]any{"text": "mine", "targets": []any{map[string]any{"account": team.Account}}}
	carl.Command(team.Workspace, "PublishPost", publish).Done()
	position := team.Olivia.Command(team.Workspace, "RemoveMember", map[string]any{"member": carl.ID}).Done().Position
	path := apitest.At("/v1/workspaces/"+team.Workspace+"/departures", position)

	var listed struct {
		Departures []struct {
			What, Member string
			Posts        int `json:"posts_remaining"`
			Connections  int `json:"connections_remaining"`
		}
	}
	team.Olivia.Get(path).Is(http.StatusOK).Read(&listed)
	require.Len(t, listed.Departures, 1)
	require.Equal(t, "membership", listed.Departures[0].What)
	require.Equal(t, carl.ID, listed.Departures[0].Member)
	require.Equal(t, 1, listed.Departures[0].Posts)
	require.Zero(t, listed.Departures[0].Connections)

	clara.Get(path).Is(http.StatusForbidden)
	carl.Get(path).Is(http.StatusNotFound)
}

// R7: whoever removes an account is told which posts are stopped.
func TestRemovingAnAccountNamesThePosts(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	var written struct {
		Events []struct{ Stream string }
	}
	team.Olivia.Command(team.Workspace, "PublishPost", map[string]any{
		"text": "for nobody", "targets": []any{map[string]any{"account": team.Account}},
	}).Is(http.StatusOK).Read(&written)
	var removed struct {
		Events []struct {
			Data struct{ Stopped []string }
		}
	}
	team.Olivia.Command(team.Workspace, "RemoveAccount", map[string]any{"account": team.Account}).Is(http.StatusOK).Read(&removed)
	require.Len(t, removed.Events[0].Data.Stopped, 1)
}
