package query_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

func TestWorkspaces(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	var created struct {
		Workspace string
		Position  int64
	}
	olivia.Post("/v1/workspaces", map[string]any{"name": "Acme"}).Is(http.StatusCreated).Read(&created)
	var listed struct {
		Position   int64
		Workspaces []struct{ Workspace, Name, Role, Owner string }
	}
	olivia.Get(apitest.At("/v1/workspaces", created.Position)).Is(http.StatusOK).Read(&listed)
	require.GreaterOrEqual(t, listed.Position, created.Position)
	require.Len(t, listed.Workspaces, 1)
	require.Equal(t, created.Workspace, listed.Workspaces[0].Workspace)
	require.Equal(t, "owner", listed.Workspaces[0].Role)

	var mallorys struct{ Workspaces []any }
	w.SignUp(t, "mallory").Get(apitest.At("/v1/workspaces", created.Position)).Is(http.StatusOK).Read(&mallorys)
	require.Empty(t, mallorys.Workspaces)
	require.NotNil(t, mallorys.Workspaces, "a list that is empty is a list")
}

// R21: role, flags, accounts, whose connection and who mends it.
func TestOwnMembership(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	type membership struct {
		Role        string
		Access      map[string]bool
		Assignments []struct {
			Account, Name string
			Mode          string `json:"credential_mode"`
			By            string `json:"reauthenticated_by"`
			State         string `json:"connection_state"`
		}
	}
	read := func(position int64) (own membership) {
		carl.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/members/me", position)).Is(http.StatusOK).Read(&own)
		return own
	}
	first := team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{"member": carl.ID, "account": team.Account, "mode": "owner"}).Done()
	own := read(first.Position)
	require.Equal(t, "client", own.Role)
	require.True(t, own.Access["manage_posts"])
	require.Len(t, own.Assignments, 1)
	require.Equal(t, "Acme News", own.Assignments[0].Name)
	require.Equal(t, "owner", own.Assignments[0].Mode)
	require.Equal(t, team.Olivia.ID, own.Assignments[0].By)
	require.Equal(t, "active", own.Assignments[0].State)

	changed := team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{"member": carl.ID, "account": team.Account, "mode": "member"}).Done()
	own = read(changed.Position)
	require.Equal(t, "member", own.Assignments[0].Mode)
	require.Equal(t, carl.ID, own.Assignments[0].By)
	require.Equal(t, "missing", own.Assignments[0].State)
}

func TestWhoSeesMembersAndInvitations(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	token := team.Invite(t, "later@example.com", "owner")
	carl := team.Join(t, "carl", "owner")
	position := team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{"member": carl.ID, "account": team.Account, "mode": "member"}).Done().Position
	for _, list := range []string{"members", "invitations"} {
		path := apitest.At("/v1/workspaces/"+team.Workspace+"/"+list, position)
		answer := team.Olivia.Get(path).Is(http.StatusOK)
		require.Contains(t, string(answer.Body), "carl@example.com")
		require.NotContains(t, string(answer.Body), token)
		refused := carl.Get(path).Problem(http.StatusForbidden, "owner_and_admins_only")
		require.Equal(t, "R27", refused.Rule)
	}
	var listed struct {
		Invitations []struct{ Email, Status string }
	}
	team.Clock.Move(8 * 24 * time.Hour)
	team.Olivia.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/invitations", position)).Is(http.StatusOK).Read(&listed)
	statuses := map[string]string{}
	for _, invitation := range listed.Invitations {
		statuses[invitation.Email] = invitation.Status
	}
	require.Equal(t, map[string]string{"carl@example.com": "accepted", "later@example.com": "expired"}, statuses)
}

// R27: accounts and posts are seen by whoever has the account.
func TestWhoSeesAccountsAndPosts(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	done := team.Olivia.Command(team.Workspace, "InviteClient", map[string]any{
		"email": "reader@example.com", "access": map[string]bool{"add_accounts": true, "manage_posts": false},
	}).Done()
	reader := team.SignUp(t, "reader")
	reader.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": team.Link(t, done)}).Is(http.StatusOK)
	post := "post_" + strings.Repeat("3", 32)
	position := carl.Command(team.Workspace, "PublishPost", map[string]any{
		"post": post, "text": "Seen by some", "targets": []map[string]string{{"account": team.Account}},
	}).Done().Position
	in := "/v1/workspaces/" + team.Workspace
	for _, person := range []*apitest.Person{team.Olivia, carl} {
		var seen struct {
			Author  string
			Targets []struct{ Account, State string }
		}
		person.Get(apitest.At(in+"/posts/"+post, position)).Is(http.StatusOK).Read(&seen)
		require.Equal(t, carl.ID, seen.Author)
		require.Len(t, seen.Targets, 1)
		require.Equal(t, "scheduled", seen.Targets[0].State)
		require.Contains(t, string(person.Get(apitest.At(in+"/posts", position)).Body), post)
		require.Contains(t, string(person.Get(apitest.At(in+"/accounts", position)).Body), team.Account)
		account := person.Get(apitest.At(in+"/accounts/"+team.Account, position)).Is(http.StatusOK)
		require.Contains(t, string(account.Body), `"state":"active"`)
	}
	reader.Get(apitest.At(in+"/posts/"+post, position)).Problem(http.StatusNotFound, "not_found")
	reader.Get(apitest.At(in+"/accounts/"+team.Account, position)).Problem(http.StatusNotFound, "not_found")
	require.NotContains(t, string(reader.Get(apitest.At(in+"/posts", position)).Is(http.StatusOK).Body), post)
	require.NotContains(t, string(reader.Get(apitest.At(in+"/accounts", position)).Is(http.StatusOK).Body), team.Account)
	for _, foreign := range []string{"/posts/nonsense", "/accounts/nonsense", "/posts/post_" + strings.Repeat("8", 32)} {
		team.Olivia.Get(in+foreign).Problem(http.StatusNotFound, "not_found")
	}
}

// A position that no view reaches in time is told, with how far it is.
func TestViewBehind(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	answer := olivia.Get("/v1/workspaces?position=1000000")
	behind := answer.Problem(http.StatusServiceUnavailable, "view_behind")
	require.EqualValues(t, 1000000, behind.Position)
	require.NotNil(t, behind.Reached)
	require.Less(t, *behind.Reached, behind.Position)
	require.Equal(t, "1", answer.Header.Get("Retry-After"))
	for _, malformed := range []string{"canary", "-1", "1.5"} {
		answer := olivia.Get("/v1/workspaces?position=" + malformed)
		require.Equal(t, "query.position", answer.Problem(http.StatusUnprocessableEntity, "invalid").Errors[0].Location)
		require.NotContains(t, string(answer.Body), "canary")
	}
	olivia.Get("/v1/workspaces?positon=1").Problem(http.StatusUnprocessableEntity, "invalid")
}

// The landing says what is offered to whoever holds the link, and nothing else.
func TestLanding(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	first := team.Invite(t, "carl@example.com", "owner")
	token := team.Invite(t, "carl@example.com", "owner")
	landing := func(token string) apitest.Answer { return team.Nobody(t).Get("/v1/invitations/" + token) }
	var offer map[string]any
	landing(token).Is(http.StatusOK).Read(&offer)
	require.Equal(t, map[string]any{"workspace": team.Workspace, "name": "Acme", "role": "client", "auditor": false}, offer)

	require.Equal(t, "R23", landing(first).Problem(http.StatusConflict, "link_superseded").Rule)
	landing("nonsense").Problem(http.StatusNotFound, "not_found")
	landing(token[:len(token)-4]+"0000").Problem(http.StatusNotFound, "not_found")
	carl := team.SignUp(t, "carl")
	carl.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": token}).Is(http.StatusOK)
	landing(token).Problem(http.StatusConflict, "link_used")
	late := team.Invite(t, "late@example.com", "owner")
	team.Clock.Move(8 * 24 * time.Hour)
	landing(late).Problem(http.StatusConflict, "link_expired")
	require.NotContains(t, team.Logs.String(), late)
	require.Contains(t, team.Logs.String(), `"route":"/v1/invitations/{token}"`)
}
