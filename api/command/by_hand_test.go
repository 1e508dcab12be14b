package command_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
	"behalf/internal/networks/facebook/groups"
)

// Where people post by hand nobody needs a connection (R44): every answer about
// publishing there says what publishing does, which is to ask the person at its
// moment. Nothing stalls, nothing is stranded, whoever is or is not connected.
func TestByHandNothingStalls(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	team.Serve(t, func(d *api.Deps) {
		d.Networks = maps.Clone(d.Networks)
		d.Networks[groups.Name] = groups.New()
	})
	carl := team.Join(t, "carl", "owner")
	group := addGroup(t, team)
	inTeam := "/v1/workspaces/" + team.Workspace
	issue := func(name string, body map[string]any) (said struct {
		foreseen
		Events []struct{ Data json.RawMessage }
	},
	) {
		team.Olivia.Send(http.MethodPost, inTeam+"/commands/"+name, encode(t, body), "Content-Type", "application/json").
			Is(http.StatusOK).Read(&said)
		return said
	}
	issue("AssignAccount", map[string]any{"member": carl.ID, "assignment": map[string]string{"account": group, "credential_mode": "owner"}})
	scheduled := carl.Command(team.Workspace, "SchedulePost", map[string]any{
		"post": "post_22222222222222222222222222222222", "text": "Later",
		"targets": []map[string]string{{"account": group}}, "at": time.Now().Add(time.Hour),
	}).Done()
	team.Olivia.Get(apitest.At(inTeam+"/posts/post_22222222222222222222222222222222", scheduled.Position)).Is(http.StatusOK)

	type resolution struct {
		MayPublish   bool `json:"may_publish"`
		ByHand       bool `json:"by_hand"`
		Holder       string
		State, Why   any
		Mode, Member string
	}
	ask := func(path string) (said resolution) {
		team.Olivia.Get(path + "member=" + carl.ID).Is(http.StatusOK).Read(&said)
		return said
	}
	now, then := inTeam+"/accounts/"+group+"/resolution?", inTeam+"/history/resolution/"+group+"?"
	require.Equal(t, resolution{MayPublish: true, ByHand: true, Holder: team.Olivia.ID, State: "active", Mode: "owner", Member: carl.ID}, ask(now))

	toMember := map[string]any{"member": carl.ID, "account": group, "mode": "member"}
	require.Empty(t, issue("DisconnectAccount?dry_run=true", map[string]any{"account": group}).Stalled)
	require.Empty(t, issue("ChangeCredentialMode?dry_run=true", toMember).Stalled)
	require.Len(t, issue("RemoveAccount?dry_run=true", map[string]any{"account": group}).Stalled, 1, "nobody posts there any more (R27)")
	changed := issue("ChangeCredentialMode", toMember)
	require.Empty(t, changed.Stalled)
	require.NotContains(t, string(changed.Events[0].Data), "stranded")

	want := resolution{MayPublish: true, ByHand: true, Holder: carl.ID, State: "missing", Mode: "member", Member: carl.ID}
	require.Equal(t, want, ask(now))
	require.Equal(t, want, ask(then))
	var could struct {
		Members []struct {
			User   string
			Could  bool
			ByHand bool `json:"by_hand"`
		}
	}
	team.Olivia.Get(fmt.Sprintf("%s/history/who-could?account=%s", inTeam, group)).Is(http.StatusOK).Read(&could)
	require.Len(t, could.Members, 2)
	for _, one := range could.Members {
		require.True(t, one.Could && one.ByHand, one.User)
	}
}

// addGroup has Olivia add a group by its form.
func addGroup(t *testing.T, team *apitest.Team) string {
	t.Helper()
	var begun struct {
		State string
		Form  []struct{ Optional bool }
	}
	team.Olivia.Post("/v1/workspaces/"+team.Workspace+"/authorizations", map[string]any{"network": groups.Name}).
		Is(http.StatusCreated).Read(&begun)
	require.Equal(t, []struct{ Optional bool }{{}, {}, {true}}, begun.Form, "the profiles may be left out, and are")
	var done apitest.Authorized
	team.Olivia.Post("/v1/authorizations/form", map[string]any{"state": begun.State, "fields": map[string]string{
		"address": "https://www.facebook.com/groups/acme", "name": "Acme Group",
	}}).Is(http.StatusOK).Read(&done)
	added := team.Olivia.Command(team.Workspace, "ConnectAccount", map[string]any{"authorization": done.Authorization, "remote": "acme"}).Done()
	var data struct {
		Account string
		ByHand  bool `json:"by_hand"`
	}
	added.Data(t, "workspace.account_added.v1", &data)
	require.True(t, data.ByHand)
	return data.Account
}
