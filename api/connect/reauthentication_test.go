package connect_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/internal/networks/sandbox/network/networktest"
)

// R46: another remote account than the one that is to be connected again is
// refused, and the old connection stays as it was.
func TestReauthenticatingAnotherAccount(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	authorized := team.Olivia.Authorize(team.Workspace, "olivia", networktest.OliviaPassword)
	refused := team.Olivia.Command(team.Workspace, "ConnectAccount", map[string]any{
		"authorization": authorized.Authorization, "remote": "another-page", "account": team.Account,
	}).Problem(http.StatusConflict, "other_remote_account")
	require.Equal(t, "R46", refused.Rule)
	var held, generation int
	require.NoError(t, team.Admin.QueryRow(t.Context(), "select count(*), max(generation) from vault.connections").Scan(&held, &generation))
	require.Equal(t, []int{1, 1}, []int{held, generation})
}

// A new connection of a holder knows whose place it takes: what it lacks is
// taken over from there (R46). One that was disconnected leaves nothing.
func TestPredecessor(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	connect(team.Olivia, team.Workspace, team.Olivia.Authorize(team.Workspace, "olivia", networktest.OliviaPassword).Authorization).Done()
	var succeeding int
	count := "select count(*) from vault.connections as c join vault.connections as p on p.id = c.predecessor and p.holder_id = c.holder_id"
	require.NoError(t, team.Admin.QueryRow(t.Context(), count).Scan(&succeeding))
	require.Equal(t, 1, succeeding)

	team.Olivia.Command(team.Workspace, "DisconnectAccount", map[string]any{"account": team.Account}).Done()
	connect(team.Olivia, team.Workspace, team.Olivia.Authorize(team.Workspace, "olivia", networktest.OliviaPassword).Authorization).Done()
	require.NoError(t, team.Admin.QueryRow(t.Context(), count).Scan(&succeeding))
	require.Equal(t, 1, succeeding)
}
