package health_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type connection struct {
	Holder, State, Network string
	ExpiresAt              string `json:"expires_at"`
	RefreshesItself        bool   `json:"refreshes_itself"`
	CheckedAt              string `json:"checked_at"`
	API                    struct{ Version string }
}

func TestConnections(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "member")
	require.NoError(t, team.Sandbox.Control.MakeAdmin(t.Context(), networktest.Page, "carl"))
	connected := carl.Connect(team.Workspace, "carl", networktest.CarlPassword).Done()
	edith := team.Join(t, "edith", "owner")
	carl.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/accounts", connected.Position)).Is(http.StatusOK)

	seen := func(p *apitest.Person) (holders []string) {
		var answer struct{ Connections []connection }
		p.Get("/v1/workspaces/" + team.Workspace + "/connections").Is(http.StatusOK).Read(&answer)
		for _, c := range answer.Connections {
			holders = append(holders, c.Holder)
			require.Equal(t, "active", c.State)
			require.NotEmpty(t, c.ExpiresAt)
			require.NotEmpty(t, c.CheckedAt)
			require.True(t, c.RefreshesItself)
			require.NotEmpty(t, c.API.Version)
		}
		return holders
	}
	require.ElementsMatch(t, []string{team.Olivia.ID, carl.ID}, seen(team.Olivia))
	require.ElementsMatch(t, []string{team.Olivia.ID, carl.ID}, seen(carl))
	edith.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/members", connected.Position))
	require.NotContains(t, seen(edith), carl.ID, "a member sees the Owner's and their own")
	team.SignUp(t, "mallory").Get("/v1/workspaces/"+team.Workspace+"/connections").Problem(http.StatusNotFound, "not_found")
}

// What runs out soon and nobody but its holder can renew says so, from the time
// on at which the holder is told.
func TestExpiresSoon(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	done := team.Olivia.Command(team.Workspace, "PausePublishing", map[string]any{"account": team.Account}).Done()
	team.Olivia.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/accounts", done.Position)).Is(http.StatusOK) // the view knows them
	const life, ahead = 60 * 24 * time.Hour, 7 * 24 * time.Hour
	for _, c := range []struct {
		left        time.Duration
		refreshable bool
		soon        bool
	}{
		{ahead + time.Minute, false, false}, {ahead - time.Minute, false, true}, {time.Minute, false, true}, {ahead - time.Minute, true, false},
	} {
		until := team.Clock.Now().Add(c.left)
		_, err := team.Admin.Exec(t.Context(), `update vault.connections set expires_at = $1, created_at = $2`, until, until.Add(-life))
		require.NoError(t, err)
		_, err = team.Admin.Exec(t.Context(), `update vault.care set refreshable = $1`, c.refreshable)
		require.NoError(t, err)
		var answer struct {
			Connections []struct {
				ExpiresSoon bool `json:"expires_soon"`
			}
		}
		team.Olivia.Get("/v1/workspaces/" + team.Workspace + "/connections").Is(http.StatusOK).Read(&answer)
		require.Len(t, answer.Connections, 1)
		require.Equal(t, c.soon, answer.Connections[0].ExpiresSoon, "%v", c)
	}
}

// R36, R39, R40: what the network offers the own connection, and a choice among it.
func TestIdentities(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	require.NoError(t, w.Sandbox.Control.AddPage(t.Context(), control.Page{
		Slug: "blog", Name: "Acme Blog", Admins: []string{"olivia"}, Identities: []control.Identity{{ID: "author-1", Name: "Olivia"}},
	}))
	olivia := w.SignUp(t, "olivia")
	ws := olivia.CreateWorkspace("Acme")
	authorized := olivia.Authorize(ws, "olivia", networktest.OliviaPassword)
	var added struct{ Account string }
	olivia.Command(ws, "ConnectAccount", map[string]any{"authorization": authorized.Authorization, "remote": "blog"}).Done().
		Data(t, "workspace.account_added.v1", &added)

	path := "/v1/workspaces/" + ws + "/accounts/" + added.Account + "/identities"
	var offered struct {
		Identities []struct {
			ID, Name string
			Chosen   bool
		}
	}
	olivia.Get(path).Is(http.StatusOK).Read(&offered)
	require.Len(t, offered.Identities, 1)
	require.Equal(t, "author-1", offered.Identities[0].ID)
	require.False(t, offered.Identities[0].Chosen)

	choose := func(identity string) apitest.Answer {
		return olivia.Command(ws, "ChangePostingIdentity", map[string]any{"account": added.Account, "identity": identity})
	}
	require.Equal(t, "R40", choose("author-9").Problem(http.StatusUnprocessableEntity, "unknown_identity").Rule)
	require.Len(t, choose("author-1").Done().Events, 1)
	require.Empty(t, choose("author-1").Done().Events)
	olivia.Get(path).Is(http.StatusOK).Read(&offered)
	require.True(t, offered.Identities[0].Chosen)
	w.SignUp(t, "mallory").Get(path).Problem(http.StatusNotFound, "not_found")
}
