package command_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

type foreseen struct {
	DryRun  bool `json:"dry_run"`
	Events  []struct{ Type string }
	Stalled []struct{ Post, Account, Rule, Code, Mends string }
}

// R48: a change says which scheduled targets it leaves without a connection
// that can be used, and whom that asks; tried out, it says the same and
// carries nothing out.
func TestForeseen(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	const post = "post_22222222222222222222222222222222"
	scheduled := carl.Command(team.Workspace, "SchedulePost", map[string]any{
		"post": post, "text": "Later", "targets": []map[string]string{{"account": team.Account}}, "at": time.Now().Add(time.Hour),
	}).Done()
	team.Olivia.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/posts/"+post, scheduled.Position)).Is(http.StatusOK)
	issue := func(by *apitest.Person, name string, body map[string]any) (said foreseen) {
		by.Send(http.MethodPost, "/v1/workspaces/"+team.Workspace+"/commands/"+name, encode(t, body), "Content-Type", "application/json").
			Is(http.StatusOK).Read(&said)
		return said
	}
	toMember := map[string]any{"member": carl.ID, "account": team.Account, "mode": "member"}
	for name, tc := range map[string]struct {
		body  map[string]any
		mends string
		rule  string
	}{
		"ChangeCredentialMode": {toMember, carl.ID, "R44"},
		"OfferOwnership":       {map[string]any{"member": carl.ID}, carl.ID, "R44"},
		"DisconnectAccount":    {map[string]any{"account": team.Account}, team.Olivia.ID, "R44"},
		"RemoveAccount":        {map[string]any{"account": team.Account}, "", "R27"},
	} {
		said := issue(team.Olivia, name+"?dry_run=true", tc.body)
		require.True(t, said.DryRun, name)
		require.Empty(t, said.Events, name)
		require.Len(t, said.Stalled, 1, name)
		require.Equal(t, post, said.Stalled[0].Post, name)
		require.Equal(t, []string{tc.rule, tc.mends}, []string{said.Stalled[0].Rule, said.Stalled[0].Mends}, name)
	}
	for name, body := range map[string]map[string]any{
		"RemoveMember":       {"member": carl.ID},                                                                          // the post passes to the Owner, whose connection works (R61)
		"UnassignAccount":    {"member": carl.ID, "account": team.Account},                                                 // the same
		"ChangeClientAccess": {"member": carl.ID, "access": map[string]bool{"add_accounts": false, "manage_posts": false}}, // the same
	} {
		require.Empty(t, issue(team.Olivia, name+"?dry_run=true", body).Stalled, name)
	}
	before := events(t, team)
	issue(team.Olivia, "ChangeCredentialMode?dry_run=true", toMember)
	require.Equal(t, before, events(t, team), "nothing was carried out")

	said := issue(team.Olivia, "ChangeCredentialMode", toMember)
	require.False(t, said.DryRun)
	require.Len(t, said.Events, 1)
	require.Len(t, said.Stalled, 1)
	require.Empty(t, issue(team.Olivia, "DisconnectAccount?dry_run=true", map[string]any{"account": team.Account}).Stalled, "that one waits for Carl already")
}

// What cannot be tried out is not carried out instead, and what would be
// refused is refused.
func TestDryRunRefused(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	at := func(by *apitest.Person, name string, body map[string]any) apitest.Answer {
		return by.Send(http.MethodPost, "/v1/workspaces/"+team.Workspace+"/commands/"+name, encode(t, body), "Content-Type", "application/json")
	}
	at(team.Olivia, "RenameWorkspace?dry_run=true", map[string]any{"name": "Other"}).Problem(http.StatusBadRequest, "bad_request")
	at(team.Olivia, "RemoveMember?dry_run=yes", map[string]any{"member": carl.ID}).Problem(http.StatusBadRequest, "bad_request")
	require.Equal(t, "R2", at(carl, "RemoveMember?dry_run=true", map[string]any{"member": team.Olivia.ID}).Problem(http.StatusForbidden, "owner_only").Rule)
}

func encode(t *testing.T, body map[string]any) []byte {
	t.Helper()
	written, err := json.Marshal(body)
	require.NoError(t, err)
	return written
}

// R48: however much else is scheduled, and sooner, nothing that a change holds up
// goes unsaid: what an answer cannot name, it counts.
func TestForeseenAmongMany(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	ids := map[*apitest.Person]string{team.Olivia: "post_11111111111111111111111111111111", carl: "post_22222222222222222222222222222222"}
	at := map[*apitest.Person]time.Time{team.Olivia: time.Now().Add(2 * time.Hour), carl: time.Now().Add(3 * time.Hour)}
	for by, post := range ids {
		scheduled := by.Command(team.Workspace, "SchedulePost", map[string]any{
			"post": post, "text": "Later", "targets": []map[string]string{{"account": team.Account}}, "at": at[by],
		}).Done()
		team.Olivia.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/posts/"+post, scheduled.Position)).Is(http.StatusOK)
	}
	const others = 1005 // of Olivia, all before Carl's
	_, err := team.Admin.Exec(t.Context(), `
		insert into views.targets
		select (jsonb_populate_record(t, jsonb_build_object('post_id', gen_random_uuid(), 'due', t.due - interval '1 hour'))).*
		from views.targets as t, generate_series(1, $2)
		where t.post_id = $1::uuid`, ids[team.Olivia][len("post_"):], others)
	require.NoError(t, err)
	type much struct {
		foreseen
		StalledMore int `json:"stalled_more"`
	}
	issue := func(name string, body map[string]any) (said much) {
		team.Olivia.Send(http.MethodPost, "/v1/workspaces/"+team.Workspace+"/commands/"+name, encode(t, body), "Content-Type", "application/json").
			Is(http.StatusOK).Read(&said)
		return said
	}
	toMember := map[string]any{"member": carl.ID, "account": team.Account, "mode": "member"}
	for _, name := range []string{"ChangeCredentialMode?dry_run=true", "ChangeCredentialMode"} {
		said := issue(name, toMember)
		require.Len(t, said.Stalled, 1, name)
		require.Equal(t, ids[carl], said.Stalled[0].Post)
		require.Zero(t, said.StalledMore)
	}
	issue("ChangeCredentialMode", map[string]any{"member": carl.ID, "account": team.Account, "mode": "owner"})
	said := issue("DisconnectAccount?dry_run=true", map[string]any{"account": team.Account})
	require.Len(t, said.Stalled, 1000)
	require.Equal(t, others+2-1000, said.StalledMore)
}

// Who is refused has nothing read: neither what is scheduled, nor anything that
// would tell by its time how much that is.
func TestNothingIsForeseenOfWhatIsRefused(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	_, err := team.Admin.Exec(t.Context(), "alter view views.targets rename to unreadable")
	require.NoError(t, err)
	for _, name := range []string{"RemoveMember", "RemoveMember?dry_run=true"} {
		body := encode(t, map[string]any{"member": team.Olivia.ID})
		carl.Send(http.MethodPost, "/v1/workspaces/"+team.Workspace+"/commands/"+name, body, "Content-Type", "application/json").
			Problem(http.StatusForbidden, "owner_only")
	}
}
