package query_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

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

// R6, R27: what an Admin does to others says nothing of accounts that the Admin
// does not have, nor does the list of what has gone.
func TestAdminsAreAnsweredOfTheirOwnAccounts(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	adam := joinAdmin(t, team)
	invited := func(email string) apitest.Done {
		return team.Olivia.Command(team.Workspace, "InviteEditor", map[string]any{
			"email": email, "assignments": []any{map[string]string{"account": team.Account, "posting_level": "full", "credential_mode": "member"}},
		}).Done()
	}
	edith, link := team.SignUp(t, "edith"), team.Link(t, invited("edith@example.com"))
	edith.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": link}).Is(http.StatusOK)
	edith.Command(team.Workspace, "SchedulePost", map[string]any{
		"text": "Later", "targets": []any{map[string]string{"account": team.Account}}, "at": time.Now().Add(time.Hour),
	}).Done()
	down := team.Olivia.Command(team.Workspace, "DisconnectAccount", map[string]any{"account": team.Account}).Done()
	team.Olivia.Get(apitest.At(in(team)+"/posts", down.Position)).Is(http.StatusOK)
	stalled := func(by *apitest.Person) int {
		var said struct{ Stalled []struct{ Account string } }
		by.Command(team.Workspace, "RemoveMember?dry_run=true", map[string]any{"member": edith.ID}).Is(http.StatusOK).Read(&said)
		return len(said.Stalled)
	}
	require.Equal(t, 1, stalled(team.Olivia), "it would pass to Olivia, who is not connected")
	require.Zero(t, stalled(adam))

	var offered struct {
		Invitation  string
		Assignments []struct{ Account string }
	}
	done := invited("eric@example.com")
	done.Data(t, "workspace.editor_invited.v1", &offered)
	offered.Assignments = nil
	adam.Command(team.Workspace, "RequireTwoFactor", map[string]any{"invitation": offered.Invitation}).Done().
		Data(t, "workspace.invitation_amended.v1", &offered)
	require.Empty(t, offered.Assignments)

	position := team.Olivia.Command(team.Workspace, "UnassignAccount", map[string]any{"member": edith.ID, "account": team.Account}).Done().Position
	departures := func(by *apitest.Person) int {
		var listed struct{ Departures []struct{ Account string } }
		by.Get(apitest.At(in(team)+"/departures", position)).Is(http.StatusOK).Read(&listed)
		return len(listed.Departures)
	}
	require.Equal(t, 1, departures(team.Olivia))
	require.Zero(t, departures(adam))
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
