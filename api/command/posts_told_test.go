package command_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"
)

// appended adds an event that only a worker brings about.
func appended(t *testing.T, team *apitest.Team, stream domain.Stream, event domain.Event) {
	t.Helper()
	var ws domain.WorkspaceID
	require.NoError(t, ws.UnmarshalText([]byte(team.Workspace)))
	loaded, err := team.Store.Load(t.Context(), eventstore.Scope{Workspace: ws}, stream)
	require.NoError(t, err)
	outcomes, err := team.Store.Append(t.Context(), eventstore.Request{Workspace: ws, Expected: loaded.Versions, Changes: domain.On(stream, event)})
	require.NoError(t, err)
	require.NoError(t, outcomes[0].Err)
}

// R50, R53, R55: who approves a post is told that it waits, inside the product and
// with the post's id; the author what came of it, and neither of what they did.
func TestApprovalIsTold(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	editor := edith(t, team, "approval_required")
	id := scheduled(t, team, editor)
	type told struct{ Kind, Text, Post, Account string }
	newest := func(of *apitest.Person, position int64) told {
		var found struct{ Notifications []told }
		of.Get(apitest.At("/v1/me/notifications", position)).Is(http.StatusOK).Read(&found)
		return found.Notifications[0]
	}
	declined := team.Olivia.Command(team.Workspace, "DeclinePost", map[string]any{"post": id, "revision": 1, "note": "Shorter, please."}).Done()
	require.Equal(t, told{"post_waiting", "A post to “Acme News” in “Acme” waits for your approval.", id, team.Account}, newest(team.Olivia, declined.Position))
	require.Equal(t, told{"post_declined", "Your post to “Acme News” in “Acme” was declined, with a note.", id, team.Account}, newest(editor, declined.Position))
}

// What was published is asked for at the network where that deletes posts; the
// answer says whether it is, or is gone here alone.
func TestDeletingSaysWhere(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	var account domain.AccountID
	require.NoError(t, account.UnmarshalText([]byte(team.Account)))
	for onlyHere, want := range map[bool]string{false: "post.target_deletion_requested.v1", true: "post.deleted.v1"} {
		id := scheduled(t, team, team.Olivia)
		var of domain.PostID
		require.NoError(t, of.UnmarshalText([]byte(id)))
		appended(t, team, post.Stream(of), post.TargetPublished{Account: account, Remote: "1"})
		done := team.Olivia.Command(team.Workspace, "DeletePost", map[string]any{"post": id, "only_here": onlyHere}).Done()
		require.Len(t, done.Events, 1)
		require.Equal(t, want, done.Events[0].Type)
		if !onlyHere {
			var asked struct {
				Remote   string
				Deadline time.Time
			}
			done.Data(t, want, &asked)
			require.Equal(t, "1", asked.Remote)
			require.False(t, asked.Deadline.IsZero())
		}
	}
}
