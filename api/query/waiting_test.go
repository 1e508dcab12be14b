package query_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// R50-R53: waiting_for_me lists for each member what Awaits says of them: not who
// has approved, but again who has where that is enough since another one has
// gone, and who has approved as somebody else.
func TestWaitingForMeIsWhoIsAwaited(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	approver := func(name string) *apitest.Person {
		invited := team.Olivia.With(t).Command(team.Workspace, "InviteClient", map[string]any{
			"email": name + "@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
			"assignments": []map[string]any{{"account": team.Account, "approves_posts": true}},
		}).Done()
		person := team.SignUp(t, name)
		person.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": team.Link(t, invited)}).Is(http.StatusOK)
		return person
	}
	edda, carl, dora := editor(t, team, "edda"), approver("carl"), approver("dora")
	team.Olivia.Command(team.Workspace, "SetClientApproval", map[string]any{"account": team.Account, "approval": "all"}).Done()
	id := "post_" + strings.Repeat("5", 32)
	done := edda.Command(team.Workspace, "SchedulePost", map[string]any{
		"post": id, "text": "May I?", "at": team.Clock.Now().Add(time.Hour), "targets": targets{{"account": team.Account}},
	}).Done()

	names := map[string]*apitest.Person{"olivia": team.Olivia, "edda": edda, "carl": carl, "dora": dora}
	waits := func(on ...string) {
		t.Helper()
		var ws domain.WorkspaceID
		var p domain.PostID
		require.NoError(t, ws.UnmarshalText([]byte(team.Workspace)))
		require.NoError(t, p.UnmarshalText([]byte(id)))
		loaded, err := team.Store.Load(t.Context(), eventstore.Scope{Workspace: ws}, workspace.Stream(ws), post.Stream(p))
		require.NoError(t, err)
		w := domain.Fact[*workspace.Workspace](loaded.Facts, workspace.Stream(ws))
		var listed, awaited []string
		for name, who := range names {
			var member domain.UserID
			require.NoError(t, member.UnmarshalText([]byte(who.ID)))
			if domain.Fact[*post.Post](loaded.Facts, post.Stream(p)).Awaits(*w, member) {
				awaited = append(awaited, name)
			}
			var list struct{ Posts []struct{ ID string } }
			who.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/posts?waiting_for_me=true", done.Position)).Is(http.StatusOK).Read(&list)
			if len(list.Posts) > 0 {
				listed = append(listed, name)
			}
		}
		require.ElementsMatch(t, on, listed)
		require.ElementsMatch(t, awaited, listed)
	}
	approve := func(by *apitest.Person) {
		t.Helper()
		done = by.Command(team.Workspace, "ApprovePost", map[string]any{"post": id, "revision": 1}).Done()
	}
	waits("olivia", "carl", "dora")
	approve(carl)
	waits("olivia", "dora")
	done = team.Olivia.Command(team.Workspace, "ChangeApproval", map[string]any{"member": dora.ID, "account": team.Account, "approves_posts": false}).Done()
	waits("olivia", "carl")
	done = team.Olivia.Command(team.Workspace, "ChangeRole", map[string]any{
		"member": carl.ID, "role": "admin", "credential_mode": "owner", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Done()
	waits("olivia", "carl")
	approve(carl)
	waits()
}
