package query_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

// R27: an Admin sees all members, and of their accounts those that the Admin has.
func TestAdminsSeeTheirOwnAccountsOfOthers(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	adam := joinAdmin(t, team)
	team.Invite(t, "later@example.com", "owner")
	in := "/v1/workspaces/" + team.Workspace
	type listed struct {
		Members, Invitations []struct {
			User        string
			Assignments []struct{ Account string }
		}
	}
	seen := func(by *apitest.Person, path string, position int64) (accounts int) {
		var page listed
		by.Get(apitest.At(in+path, position)).Is(http.StatusOK).Read(&page)
		for _, one := range append(page.Members, page.Invitations...) {
			require.NotNil(t, one.Assignments, "a list that is empty is a list")
			for _, assignment := range one.Assignments {
				require.Equal(t, team.Account, assignment.Account)
				accounts++
			}
		}
		return accounts
	}
	position := team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{
		"member": carl.ID, "account": team.Account, "mode": "member",
	}).Done().Position
	require.Equal(t, 1, seen(team.Olivia, "/members", position))
	require.Equal(t, 2, seen(team.Olivia, "/invitations", position))
	require.Zero(t, seen(adam, "/members", position))
	require.Zero(t, seen(adam, "/invitations", position))
	adam.Get(in+"/members?account="+team.Account).Problem(http.StatusNotFound, "not_found")

	position = team.Olivia.Command(team.Workspace, "AssignAccount", map[string]any{
		"member": adam.ID, "assignment": map[string]string{"account": team.Account, "credential_mode": "owner"},
	}).Done().Position
	require.Equal(t, 2, seen(adam, "/members", position), "Carl's and the Admin's own")
	require.Equal(t, 2, seen(adam, "/invitations", position))
	var only listed
	adam.Get(apitest.At(in+"/members", position) + "&account=" + team.Account).Is(http.StatusOK).Read(&only)
	require.Len(t, only.Members, 2)
}

// R27: nor are Admins told of what happens on other accounts as it happens.
func TestAdminsAreToldOfTheirOwnAccounts(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	adam := joinAdmin(t, team)
	change := func(mode string) apitest.Done {
		return team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{
			"member": carl.ID, "account": team.Account, "mode": mode,
		}).Done()
	}
	unseen := change("member")
	before := in(team) + "/events?after=" + strconv.FormatInt(unseen.Position-1, 10)
	var told struct{ Position int64 }
	team.Olivia.Listen(before).Next().Read(t, &told)
	require.Equal(t, unseen.Position, told.Position, "so that it can be told by now")
	listener := adam.Listen(before)
	assigned := team.Olivia.Command(team.Workspace, "AssignAccount", map[string]any{
		"member": adam.ID, "assignment": map[string]string{"account": team.Account, "credential_mode": "owner"},
	}).Done()
	listener.Next().Read(t, &told)
	require.Equal(t, assigned.Position, told.Position)
	seen := change("owner")
	listener.Next().Read(t, &told)
	require.Equal(t, seen.Position, told.Position)
	removed := team.Olivia.Command(team.Workspace, "RemoveAccount", map[string]any{"account": team.Account}).Done()
	listener.Next().Read(t, &told)
	require.Equal(t, removed.Position, told.Position, "that an account is gone is told")
}

func in(team *apitest.Team) string { return "/v1/workspaces/" + team.Workspace }

// joinAdmin makes Adam an Admin without accounts.
func joinAdmin(t *testing.T, team *apitest.Team) *apitest.Person {
	t.Helper()
	done := team.Olivia.Command(team.Workspace, "InviteAdmin", map[string]any{"email": "adam@example.com"}).Done()
	adam := team.SignUp(t, "adam")
	adam.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": team.Link(t, done)}).Is(http.StatusOK)
	return adam
}
