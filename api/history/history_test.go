package history_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
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

func TestAsOfAndDiff(t *testing.T) {
	t.Parallel()
	team, carl, change := changed(t)
	mode := func(at int64) string {
		var was struct {
			Members []struct {
				User        string
				Assignments []struct {
					Mode string `json:"credential_mode"`
				}
			}
		}
		team.Olivia.Get(fmt.Sprintf("%s/as-of?at=%d", base(team), at)).Is(http.StatusOK).Read(&was)
		require.Len(t, was.Members, 2)
		require.Equal(t, carl.ID, was.Members[1].User)
		return was.Members[1].Assignments[0].Mode
	}
	require.Equal(t, "owner", mode(change-1))
	require.Equal(t, "member", mode(change))

	var diff struct {
		Differences []struct {
			Subject, Field string
			Before, After  json.RawMessage
		}
	}
	team.Olivia.Get(fmt.Sprintf("%s/diff?from=%d&to=%d", base(team), change-1, change)).Is(http.StatusOK).Read(&diff)
	require.Len(t, diff.Differences, 1)
	require.Equal(t, "member "+carl.ID+" on "+team.Account, diff.Differences[0].Subject)
	require.Equal(t, "credential_mode", diff.Differences[0].Field)
	require.JSONEq(t, `"owner"`, string(diff.Differences[0].Before))
	require.JSONEq(t, `"member"`, string(diff.Differences[0].After))

	team.Olivia.Get(base(team)+"/as-of?at=2000-01-01T00:00:00Z").Problem(http.StatusNotFound, "not_found")
	team.Olivia.Get(base(team)+"/as-of?at=yesterday").Problem(http.StatusUnprocessableEntity, "invalid")
	team.Olivia.Get(base(team)+"/diff?from=0").Problem(http.StatusUnprocessableEntity, "invalid")
}

// The clock was an hour ahead while Carl accepted: the past of the moment after
// it ends before that, and has no member whom nobody has let in.
func TestAWrongClockMakesNoHole(t *testing.T) {
	t.Parallel()
	team, carl, change := changed(t)
	var all page
	team.Olivia.Get(base(team)).Read(&all)
	for _, statement := range []string{
		`alter table log.events disable trigger append_only`,
		`update log.events set recorded_at = recorded_at + interval '1 hour' where type = 'workspace.invitation_accepted.v1'`,
		`alter table log.events enable always trigger append_only`,
	} {
		_, err := team.Admin.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	version := func(at string) (last int) {
		var was struct{ Version int }
		team.Olivia.Get(base(team) + "/as-of?at=" + url.QueryEscape(at)).Is(http.StatusOK).Read(&was)
		return was.Version
	}
	require.Equal(t, change, all.Events[4].Position)
	require.Equal(t, 3, version(all.Events[4].RecordedAt.Format(time.RFC3339Nano)), "%s has not accepted yet", carl.Email)
	require.Equal(t, 5, version(all.Events[4].RecordedAt.Add(2*time.Hour).Format(time.RFC3339Nano)))
}

func TestWhoCould(t *testing.T) {
	t.Parallel()
	team, carl, change := changed(t)
	type ability struct {
		User, Mode, Holder, State string
		Could                     bool
		Causes                    []event
	}
	ask := func(at int64) (who []ability) {
		var answer struct{ Members []ability }
		team.Olivia.Get(fmt.Sprintf("%s/who-could?account=%s&at=%d", base(team), team.Account, at)).Is(http.StatusOK).Read(&answer)
		return answer.Members
	}
	before, after := ask(change-1), ask(change)
	require.Len(t, before, 2)
	require.Equal(t, ability{carl.ID, "owner", team.Olivia.ID, "active", true, before[1].Causes}, before[1])
	require.Equal(t, ability{carl.ID, "member", carl.ID, "missing", false, after[1].Causes}, after[1])
	require.Equal(t, before[0], after[0], "the Owner's answer has not changed")
	causes := after[1].Causes
	require.Equal(t, []string{"workspace.invitation_accepted.v1", "workspace.credential_mode_changed.v1"}, types(causes))
	require.Equal(t, change, causes[1].Position)

	var all struct{ Members []ability }
	team.Olivia.Get(fmt.Sprintf("%s/who-could?at=%d", base(team), change)).Is(http.StatusOK).Read(&all)
	require.Equal(t, after, all.Members, "every account is this one")
	team.Olivia.Get(base(team) + "/who-could?account=acc_" + strings.Repeat("1", 32)).Is(http.StatusOK).Read(&all)
	require.Empty(t, all.Members, "the workspace does not hold that one")
}

// While publishing is paused nobody could publish, whoever they are (R68).
func TestWhoCouldWhilePaused(t *testing.T) {
	t.Parallel()
	team, _, _ := changed(t)
	paused := team.Olivia.Command(team.Workspace, "PausePublishing", map[string]any{}).Done()
	var answer struct {
		Members []struct {
			Could, Halted bool
			State         string
			Rules         []string
			Causes        []event
		}
	}
	team.Olivia.Get(base(team) + "/who-could?account=" + team.Account).Is(http.StatusOK).Read(&answer)
	require.Len(t, answer.Members, 2)
	for _, member := range answer.Members {
		require.False(t, member.Could)
		require.True(t, member.Halted)
		require.Equal(t, "R68", member.Rules[0])
		require.Equal(t, paused.Position, member.Causes[len(member.Causes)-1].Position)
	}
	require.Equal(t, "active", answer.Members[0].State, "the Owner's connection is what it was")
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
