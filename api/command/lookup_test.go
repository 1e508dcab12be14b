package command_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain"
	"behalf/domain/workspace/invitation"
)

// linkOf derives the token of the invitation that a command has just made.
func linkOf(t *testing.T, team *apitest.Team, done apitest.Done) string {
	t.Helper()
	var invited struct {
		Invitation domain.InvitationID
		Generation int
	}
	done.Data(t, done.Events[len(done.Events)-1].Type, &invited)
	var ws domain.WorkspaceID
	require.NoError(t, ws.UnmarshalText([]byte(team.Workspace)))
	return invitation.NewToken(apitest.InvitationKey, ws, invitation.Link{
		Invitation: invited.Invitation, Generation: invited.Generation,
	}).Reveal()
}

// joined is somebody who was invited by a command and has accepted.
func joined(t *testing.T, team *apitest.Team, name, command string, body map[string]any) *apitest.Person {
	t.Helper()
	body["email"] = name + "@example.com"
	token := linkOf(t, team, team.Olivia.Command(team.Workspace, command, body).Done())
	person := team.SignUp(t, name)
	person.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": token}).Is(http.StatusOK)
	return person
}

func edith(t *testing.T, team *apitest.Team, level string) *apitest.Person {
	t.Helper()
	return joined(t, team, "edith", "InviteEditor", map[string]any{
		"assignments": []map[string]any{{"account": team.Account, "posting_level": level, "credential_mode": "owner"}},
	})
}

// moments keep the posts of these tests a minute apart (R57).
var moments atomic.Int64

// scheduled has somebody schedule a post, and answers its id.
func scheduled(t *testing.T, team *apitest.Team, by *apitest.Person) string {
	t.Helper()
	done := by.Command(team.Workspace, "SchedulePost", map[string]any{
		"text": "Later", "targets": []map[string]string{{"account": team.Account}}, "at": time.Now().Add(time.Hour + time.Duration(moments.Add(2))*time.Minute),
	}).Done()
	return "post_" + done.Events[0].Stream[len("post-"):]
}

// Every role is invited, accepts or declines, with the link from the mail.
func TestEveryRoleIsInvitedAndAccepts(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	joined(t, team, "adam", "InviteAdmin", map[string]any{"add_accounts": true})
	edith(t, team, "full")
	auditor := joined(t, team, "dora", "InviteAuditor", map[string]any{})
	auditor.Get("/v1/workspaces/" + team.Workspace + "/history").Is(http.StatusOK)
	auditor.Command(team.Workspace, "PublishPost", map[string]any{
		"text": "Hello", "targets": []map[string]string{{"account": team.Account}},
	}).Problem(http.StatusForbidden, "posting_not_granted")

	token := linkOf(t, team, team.Olivia.Command(team.Workspace, "InviteEditor", map[string]any{"email": "emil@example.com"}).Done())
	emil := team.SignUp(t, "emil")
	emil.Command(team.Workspace, "DeclineInvitation", map[string]any{"token": token}).Is(http.StatusOK)
	emil.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": token}).Problem(http.StatusConflict, "link_declined")
}

// R9: not while posts wait; the view is asked for what is in the log by then.
func TestNoRoleIsChangedWhilePostsWait(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	editor := edith(t, team, "approval_required")
	change := map[string]any{"member": editor.ID, "role": "admin", "access": map[string]bool{"add_accounts": false, "manage_posts": false}}
	scheduled(t, team, editor)
	refused := team.Olivia.Command(team.Workspace, "ChangeRole", change).Problem(http.StatusConflict, "posts_wait_for_approval")
	require.Equal(t, "R9", refused.Rule)
}

// R61: the event of a removal lists the posts that pass to the Owner.
func TestRemovalListsPosts(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl, editor := team.Join(t, "carl", "owner"), edith(t, team, "full")
	ofCarl, ofEdith := scheduled(t, team, carl), scheduled(t, team, editor)
	var event struct{ Posts []string }
	team.Olivia.Command(team.Workspace, "ChangeClientAccess", map[string]any{
		"member": carl.ID, "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Done().Data(t, "workspace.client_access_changed.v1", &event)
	require.Equal(t, []string{ofCarl}, event.Posts)
	team.Olivia.Command(team.Workspace, "RemoveMember", map[string]any{"member": editor.ID}).Done().
		Data(t, "workspace.member_removed.v1", &event)
	require.Equal(t, []string{ofEdith}, event.Posts)
	editor.Get("/v1/workspaces/"+team.Workspace).Problem(http.StatusNotFound, "not_found")
}

// R48: the change of a mode is done, and names the posts that it strands.
func TestChangingTheModeNamesStrandedPosts(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	id := scheduled(t, team, carl)
	change := func(mode string) []string {
		var event struct{ Stranded []string }
		team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{
			"member": carl.ID, "account": team.Account, "mode": mode,
		}).Done().Data(t, "workspace.credential_mode_changed.v1", &event)
		return event.Stranded
	}
	require.Equal(t, []string{id}, change("member"), "Carl is not connected")
	require.Empty(t, change("owner"), "Olivia is")
}

// R13: a closed workspace is read, and nothing in it changes.
func TestAClosedWorkspaceIsRead(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	team.Olivia.Command(team.Workspace, "CloseWorkspace", map[string]any{}).Is(http.StatusOK)
	var seen struct{ Closed bool }
	carl.Get("/v1/workspaces/" + team.Workspace).Is(http.StatusOK).Read(&seen)
	require.True(t, seen.Closed)
	team.Olivia.Get("/v1/workspaces/" + team.Workspace + "/history").Is(http.StatusOK)
	refused := carl.Command(team.Workspace, "LeaveWorkspace", map[string]any{}).Problem(http.StatusConflict, "workspace_closed")
	require.Equal(t, "R13", refused.Rule)
	team.Olivia.Command(team.Workspace, "DeleteWorkspace", map[string]any{}).Is(http.StatusOK)
	team.Olivia.Command(team.Workspace, "CancelDeletion", map[string]any{}).Is(http.StatusOK)
}
