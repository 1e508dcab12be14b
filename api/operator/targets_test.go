package operator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain/post"
)

// looking asks for the odd targets of an installation with one post.
type looking struct {
	*testing.T
	team *apitest.Team
	at   string
	post uuid.UUID
}

type found struct {
	Total   int
	Targets []struct {
		Workspace, Account, Network, State, Reason, Code string
		Since                                            time.Time
	}
}

func look(t *testing.T) looking {
	t.Helper()
	team, at, _ := installation(t)
	enrol(t, team, team.Olivia, at)
	return looking{t, team, at + "/v1/operator/targets?which=", scheduled(t, team, "canary of Acme")}
}

func (l looking) finds(which string) (f found) {
	l.Helper()
	answer := l.team.Olivia.Get(l.at + which).Is(http.StatusOK).Read(&f)
	require.NotContains(l, string(answer.Body), "canary")
	require.Len(l, f.Targets, f.Total)
	return f
}

func (l looking) becomes(change string) {
	l.Helper()
	l.does("update views.targets set " + change)
}

func (l looking) does(statement string) {
	l.Helper()
	_, err := l.team.Admin.Exec(l.Context(), statement)
	require.NoError(l, err)
}

// Operators find what is late or unknown, with the reason in plain words and
// nothing that anybody wrote.
func TestTargets(t *testing.T) {
	t.Parallel()
	l := look(t)
	for _, which := range []string{"late", "put_off", "stuck", "unknown"} {
		require.Zero(t, l.finds(which).Total)
	}
	l.becomes("due = now() - interval '1 minute', not_before = now() - interval '1 minute', detail = 'canary'")
	late := l.finds("late")
	require.Equal(t, 1, late.Total)
	require.Equal(t, l.team.Workspace, late.Targets[0].Workspace)
	require.Equal(t, l.team.Account, late.Targets[0].Account)
	require.NotEmpty(t, late.Targets[0].Network)
	require.Contains(t, late.Targets[0].Reason, "No worker")
	l.becomes("code = 'unreachable', not_before = now() + interval '20 seconds'")
	require.Contains(t, l.finds("late").Targets[0].Reason, "unreachable")
	l.does("update log.lineage set held = true")
	require.Contains(t, l.finds("late").Targets[0].Reason, "R69")
	l.becomes("state = 'unknown'")
	unknown := l.finds("unknown").Targets[0]
	require.Contains(t, unknown.Reason, "R59")
	require.False(t, unknown.Since.IsZero())
	l.team.Olivia.Get(l.at+"other").Problem(http.StatusUnprocessableEntity, "invalid")
}

// R56, R68: what is paused, or put off by its network's word, is late only once a
// sweep should have missed it.
func TestPutOff(t *testing.T) {
	t.Parallel()
	l := look(t)
	l.does("update views.workspaces set grace_minutes = 60")
	due := func(ago, again string) {
		l.becomes("code = 'network_rests', due = now() - interval '" + ago + "', not_before = now() + interval '" + again + "'")
	}
	is := func(which, because string) {
		t.Helper()
		other := map[string]string{"late": "put_off", "put_off": "late"}[which]
		require.Contains(t, l.finds(which).Targets[0].Reason, because)
		require.Zero(t, l.finds(other).Total)
	}
	due("50 minutes", "5 minutes")
	is("put_off", "network_rests")
	due("50 minutes", "-5 minutes")
	is("late", "network_rests")
	l.does("update views.workspaces set grace_minutes = 1440")
	due("50 minutes", "5 minutes") // so long are our own pauses then
	is("late", "network_rests")
	due("50 minutes", "49 minutes")
	is("put_off", "network_rests")
	l.does("update views.workspaces set grace_minutes = 60")
	due("50 minutes", "-5 minutes")
	for _, paused := range []string{"accounts", "workspaces"} {
		l.does("update views." + paused + " set paused = true")
		is("put_off", "R68")
		l.does("update views." + paused + " set paused = false")
	}
	l.does("update views.accounts set paused = true")
	l.does("update views.workspaces set closed_at = now()")
	is("late", "R68")
	l.does("update views.workspaces set closed_at = null")
	due("69 minutes", "-5 minutes")
	is("put_off", "R68")
	require.Zero(t, l.finds("stuck").Total)
	due("71 minutes", "-5 minutes")
	is("late", "R68")
	require.Contains(t, l.finds("stuck").Targets[0].Reason, "R56")
}

// Every state but the final ones has an end, and what is ten minutes past it is
// shown. A state that is added has to be added here.
func TestStuck(t *testing.T) {
	t.Parallel()
	final := []post.TargetState{post.Draft, post.Declined, post.Published, post.Failed, post.Missed}
	ends := map[post.TargetState]string{
		post.Waiting:               "approved",
		post.Due:                   "R56",
		post.Claimed:               "attempt",
		post.HandedOver:            "by hand",
		post.NeedsReauthentication: "R44",
		post.Unknown:               "R59",
		post.Deleting:              "remove",
	}
	l := look(t)
	l.does("alter table log.events disable trigger all")
	l.does("update views.workspaces set grace_minutes = 0")
	l.does("update views.targets set holder_id = (select owner_id from views.workspaces)")
	l.does("delete from views.connections")
	for _, state := range post.States() {
		because, ending := ends[state]
		if !ending {
			require.Contains(t, final, state)
		}
		ago := func(minutes string) {
			past := "now() - interval '" + minutes + " minutes'"
			l.becomes("state = '" + string(state) + "', due = " + past + ", not_before = " + past + ", deadline = " + past)
			l.does("update log.events set recorded_at = " + past)
		}
		ago("9")
		require.Zero(t, l.finds("stuck").Total, "%s: a sweep is under way", state)
		ago("11")
		if !ending {
			require.Zero(t, l.finds("stuck").Total, state)
			continue
		}
		stuck := l.finds("stuck")
		require.Equal(t, 1, stuck.Total, state)
		require.Contains(t, stuck.Targets[0].Reason, because)
		require.WithinDuration(t, time.Now().Add(-11*time.Minute), stuck.Targets[0].Since, time.Minute)
		l.does("update log.lineage set held = true")
		switch state {
		case post.Due, post.Waiting, post.HandedOver, post.Deleting:
			require.Contains(t, l.finds("stuck").Targets[0].Reason, "R69")
		default:
			require.Contains(t, l.finds("stuck").Targets[0].Reason, because)
		}
		l.does("update log.lineage set held = false")
	}
	told := func(state post.TargetState, sweeper string) {
		l.becomes("state = '" + string(state) + "'")
		require.Equal(t, 1, l.finds("stuck").Total)
		l.does(sweeper)
		require.Zero(t, l.finds("stuck").Total, "%s: somebody was told", state)
	}
	told(post.Unknown, "update views.targets set deadline = null")
	told(post.NeedsReauthentication, `
		insert into views.connections (
			account_id, holder_id, workspace_id, state, identity, since, outage_code, outage_detail, outage_event, outage_position, reminded, position)
		select account_id, holder_id, workspace_id, 'missing', '', now(), '', '', gen_random_uuid(), 1, 0, 1
		from views.targets`)
	told(post.Waiting, "update views.targets set due = now() + interval '1 hour'")
}
