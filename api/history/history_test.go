package history_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/checkpoint"
)

type event struct {
	Position             int64
	ID, Type, Stream     string
	Actor, Command, Part string
	Client               string
	RecordedAt           time.Time `json:"recorded_at"`
	Data                 json.RawMessage
}

type page struct {
	Events []event
	Next   int64
}

func types(events []event) (names []string) {
	for _, e := range events {
		names = append(names, e.Type)
	}
	return names
}

// changed is a team whose Client got another credential mode; it answers the
// position of that change.
func changed(t *testing.T) (*apitest.Team, *apitest.Person, int64) {
	t.Helper()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	done := team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{
		"member": carl.ID, "account": team.Account, "mode": "member",
	}).Done()
	return team, carl, done.Position
}

func base(team *apitest.Team) string { return "/v1/workspaces/" + team.Workspace + "/history" }

func TestHistory(t *testing.T) {
	t.Parallel()
	team, carl, _ := changed(t)
	var all page
	team.Olivia.Get(base(team)).Is(http.StatusOK).Read(&all)
	require.Equal(t, []string{
		"workspace.created.v1", "workspace.account_added.v1", "workspace.client_invited.v1",
		"workspace.invitation_accepted.v1", "workspace.credential_mode_changed.v1",
	}, types(all.Events))
	require.Zero(t, all.Next)

	for query, want := range map[string][]string{
		"member=" + carl.ID:                    {"workspace.client_invited.v1", "workspace.invitation_accepted.v1", "workspace.credential_mode_changed.v1"},
		"actor=" + carl.ID:                     {"workspace.invitation_accepted.v1"},
		"command=InviteClient":                 {"workspace.client_invited.v1"},
		"since=2999-01-01T00:00:00Z":           nil,
		"until=2000-01-01T00:00:00Z":           nil,
		"account=" + team.Account + "&limit=2": {"workspace.account_added.v1", "workspace.client_invited.v1"},
	} {
		var found page
		team.Olivia.Get(base(team) + "?" + query).Is(http.StatusOK).Read(&found)
		require.Equal(t, want, types(found.Events), query)
	}
}

// Beside the membership there are the accounts' own histories and the record of
// who has read them; a page ends where nothing can appear any more.
func TestOtherStreams(t *testing.T) {
	t.Parallel()
	team, _, _ := changed(t)
	ask := func(query string) (found page) {
		team.Olivia.With(t).Get(base(team) + "?" + query).Is(http.StatusOK).Read(&found)
		return found
	}
	require.Eventually(t, func() bool { return len(ask("stream=account").Events) > 0 }, waitAtMost, lookEvery)
	connected := ask("stream=account").Events
	require.Equal(t, []string{"account.connected.v1"}, types(connected))
	require.Equal(t, "account-"+strings.TrimPrefix(team.Account, "acc_"), connected[0].Stream)
	require.Equal(t, connected, ask("stream=account&account="+team.Account).Events)
	require.Empty(t, ask("stream=account&account=acc_"+strings.Repeat("1", 32)).Events)

	read := ask("stream=auditlog&limit=1").Events
	require.Equal(t, []string{"auditlog.history_consulted.v1"}, types(read))
	require.Equal(t, team.Olivia.ID, read[0].Actor)
	require.Contains(t, string(read[0].Data), `"about":"stream account"`)
	team.Olivia.Get(base(team)+"?stream=user").Problem(http.StatusUnprocessableEntity, "invalid")
	team.Olivia.Get(base(team)+"?stream=post").Problem(http.StatusUnprocessableEntity, "invalid")

	other := team.Olivia.CreateWorkspace("Other")
	var none page
	team.Olivia.Get("/v1/workspaces/" + other + "/history?stream=account&account=" + team.Account).Is(http.StatusOK).Read(&none)
	require.Empty(t, none.Events)
}

// Auditors see where people came from, until these are erased (R66).
func TestClientAddresses(t *testing.T) {
	t.Parallel()
	team, carl, _ := changed(t)
	clients := func(query string) (from []string) {
		var found page
		team.Olivia.Get(base(team) + "?" + query).Is(http.StatusOK).Read(&found)
		for _, event := range found.Events {
			from = append(from, event.Client)
		}
		return from
	}
	require.Equal(t, []string{"127.0.0.1"}, clients("actor="+carl.ID))
	carl.Send(http.MethodDelete, "/v1/me", []byte(`{"password":"`+apitest.Password+`"}`), "Content-Type", "application/json").
		Is(http.StatusNoContent)
	require.Equal(t, []string{"erased person"}, clients("actor="+carl.ID))
	require.Equal(t, []string{"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"}, clients("actor="+team.Olivia.ID))
}

func TestPages(t *testing.T) {
	t.Parallel()
	team, _, _ := changed(t)
	var whole page
	team.Olivia.Get(base(team)).Read(&whole)
	var read []event
	for after := int64(0); ; {
		var one page
		team.Olivia.Get(fmt.Sprintf("%s?limit=2&after=%d", base(team), after)).Is(http.StatusOK).Read(&one)
		require.LessOrEqual(t, len(one.Events), 2)
		read = append(read, one.Events...)
		if after = one.Next; after == 0 {
			break
		}
	}
	require.Equal(t, whole.Events, read)
}

// Reading is recorded, in a stream of its own, before it is answered.
func TestReadingIsRecorded(t *testing.T) {
	t.Parallel()
	team, carl, _ := changed(t)
	team.Olivia.Get(base(team) + "/as-of?at=3").Is(http.StatusOK)
	team.Olivia.Get(base(team)+"?actor=carl@example.com").Problem(http.StatusUnprocessableEntity, "invalid")
	carl.Get(base(team)).Problem(http.StatusForbidden, "auditors_only")
	var read []string
	rows, err := team.Admin.Query(t.Context(), `
select data ->> 'question' || ': ' || coalesce(data ->> 'about', '') || ' ' || (data ->> 'reader')
from log.events_readable
where stream = $1
order by version`, "auditlog-"+strings.TrimPrefix(team.Workspace, "ws_"))
	require.NoError(t, err)
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		read = append(read, line)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, []string{"as_of: at 3 " + team.Olivia.ID, "log: actor unreadable " + team.Olivia.ID}, read)
}

func TestWhoMayNotAudit(t *testing.T) {
	t.Parallel()
	team, carl, _ := changed(t)
	mallory := team.SignUp(t, "mallory")
	for _, path := range []string{"", "/as-of", "/diff", "/who-could", "/checkpoint", "/proof/evt_" + strings.Repeat("1", 32)} {
		require.Equal(t, "R65", carl.Get(base(team)+path).Problem(http.StatusForbidden, "auditors_only").Rule, path)
		require.Equal(t, "R32", mallory.Get(base(team)+path).Problem(http.StatusNotFound, "not_found").Rule, path)
	}
}

func TestProofs(t *testing.T) {
	t.Parallel()
	team, _, _ := changed(t)
	var all page
	team.Olivia.Get(base(team)).Read(&all)
	path := base(team) + "/proof/" + all.Events[2].ID
	team.Olivia.Get(path).Problem(http.StatusConflict, "not_sealed_yet")
	var none struct{ Checkpoint string }
	team.Olivia.Get(base(team) + "/checkpoint").Is(http.StatusOK).Read(&none)
	require.Empty(t, none.Checkpoint)

	known := sealAll(t, team)
	var proof seal.Proof
	team.Olivia.Get(path).Is(http.StatusOK).Read(&proof)
	signed, err := proof.Check(known)
	require.NoError(t, err)
	require.Equal(t, all.Events[2].Position, proof.Event.Position)
	require.Contains(t, string(all.Events[2].Data), "carl@example.com")
	require.NotContains(t, string(proof.Event.Data), "carl@example.com", "what is proven is what stands in the log: sealed")
	var newest struct {
		Checkpoint string
		Size       int64
	}
	team.Olivia.Get(base(team) + "/checkpoint").Is(http.StatusOK).Read(&newest)
	require.Equal(t, signed.Size, newest.Size)
	require.Equal(t, proof.Checkpoint, newest.Checkpoint)

	proof.Event.Data = []byte(`{}`)
	_, err = proof.Check(known)
	require.ErrorIs(t, err, seal.ErrBroken)

	other := team.Olivia.CreateWorkspace("Other")
	team.Olivia.Get("/v1/workspaces/"+other+"/history/proof/"+all.Events[2].ID).Problem(http.StatusNotFound, "not_found")
}

// sealAll seals what there is, and returns the public key.
func sealAll(t *testing.T, team *apitest.Team) checkpoint.Verifiers {
	t.Helper()
	private, err := checkpoint.Generate("test.example/log")
	require.NoError(t, err)
	public, err := checkpoint.PublicKeys(private)
	require.NoError(t, err)
	known, err := checkpoint.ParseVerifiers(public[0])
	require.NoError(t, err)
	pool, err := pgxpool.NewWithConfig(t.Context(), eventstore.UnderRole(team.Admin.Config(), eventstore.RoleEngine))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	sealer, err := seal.NewSealer(seal.Options{Pool: pool, Keys: private, Folder: checkpoint.Folder(t.TempDir())})
	require.NoError(t, err)
	require.Eventually(t, func() bool { // the high-water mark is on its way
		var behind bool
		require.NoError(t, team.Admin.QueryRow(t.Context(), `
select position < (select max(position) from log.events)
from log.high_water`).Scan(&behind))
		return !behind
	}, waitAtMost, lookEvery)
	require.NoError(t, sealer.SealOnce(t.Context()))
	return known
}
