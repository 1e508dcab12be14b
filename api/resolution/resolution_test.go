package resolution_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type resolution struct {
	MayPublish bool `json:"may_publish"`
	Why        *struct{ Rule, Code string }
	Mode       string
	Holder     string
	State      string
	Rules      []string
	Events     []struct {
		Type, By string
		Position int64
	}
}

// The question that everything serves, asked of the API: now by members, of
// any moment by auditors.
func TestResolution(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	path := "/v1/workspaces/" + team.Workspace + "/accounts/" + team.Account + "/resolution"
	var now resolution
	carl.Get(path).Is(http.StatusOK).Read(&now)
	require.True(t, now.MayPublish)
	require.Nil(t, now.Why)
	require.Equal(t, []string{"owner", team.Olivia.ID, "active"}, []string{now.Mode, now.Holder, now.State})
	require.Equal(t, "R34", now.Rules[0])
	last := now.Events[len(now.Events)-1]
	require.Equal(t, "workspace.invitation_accepted.v1", last.Type)
	require.Equal(t, carl.ID, last.By)

	changed := team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{
		"member": carl.ID, "account": team.Account, "mode": "member",
	}).Done()
	var after resolution
	team.Olivia.Get(path + "?member=" + carl.ID).Is(http.StatusOK).Read(&after)
	require.False(t, after.MayPublish)
	require.Equal(t, "R44", after.Why.Rule)
	require.Equal(t, []string{"member", carl.ID, "missing"}, []string{after.Mode, after.Holder, after.State})
	last = after.Events[len(after.Events)-1]
	require.Equal(t, changed.Events[0].Position, last.Position)
	require.Equal(t, team.Olivia.ID, last.By)

	past := fmt.Sprintf("/v1/workspaces/%s/history/resolution/%s?member=%s&at=%d", team.Workspace, team.Account, carl.ID, changed.Position-1)
	var before resolution
	team.Olivia.Get(past).Is(http.StatusOK).Read(&before)
	require.Equal(t, now, before, "as of the moment before")
	require.Equal(t, "R65", carl.Get(past).Problem(http.StatusForbidden, "auditors_only").Rule)
	carl.Get(path+"?member="+team.Olivia.ID).Problem(http.StatusNotFound, "not_found")
	team.SignUp(t, "mallory").Get(path).Problem(http.StatusNotFound, "not_found")
	team.Olivia.Get("/v1/workspaces/"+team.Workspace+"/accounts/nonsense/resolution").Problem(http.StatusNotFound, "not_found")
}
