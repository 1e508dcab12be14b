package media_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

// A medium that a post has named for longer than the keeper remembers is not
// deleted because the view of the posts has not come so far: it is asked for
// again once the view knows.
func TestDeletingWhileTheViewIsBehind(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	made := uploaded(t, team.Olivia, team.Workspace)
	address := "/v1/workspaces/" + team.Workspace + "/media/" + made.ID
	view, err := team.Admin.Begin(t.Context())
	require.NoError(t, err)
	_, err = view.Exec(t.Context(), "lock table views.posts in share mode") // it is read, and not written
	require.NoError(t, err)
	team.Olivia.Command(team.Workspace, "CreateDraft", map[string]any{
		"text": "Look", "media": []any{map[string]any{"media": made.ID}}, "targets": []map[string]any{{"account": team.Account}},
	}).Done()
	_, err = team.Admin.Exec(t.Context(), `
		update media.items
		set created_at = created_at - interval '1 hour',
		    touched_at = touched_at - interval '1 minute'`)
	require.NoError(t, err)

	answer := team.Olivia.Send(http.MethodDelete, address, nil)
	answer.Problem(http.StatusServiceUnavailable, "view_behind")
	require.Equal(t, "1", answer.Header.Get("Retry-After"))
	team.Olivia.Get(address).Is(http.StatusOK)

	require.NoError(t, view.Rollback(t.Context()))
	team.Olivia.Send(http.MethodDelete, address, nil).Problem(http.StatusConflict, "media_in_use")
}
