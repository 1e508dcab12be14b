package operator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/eventstore"
	"behalf/workers/jobs"
)

// Queues are paused and resumed, jobs looked at, tried again and dropped.
func TestQueues(t *testing.T) {
	t.Parallel()
	team, at, queue := installation(t)
	enrol(t, team, team.Olivia, at)
	at += "/v1/operator/queues/"
	job := jobs.Publish(jobs.Target{Workspace: eventstore.Fresh(), Post: eventstore.Fresh(), Account: eventstore.Fresh(), Due: time.Now().Add(time.Hour)})
	require.NoError(t, queue.Enqueue(t.Context(), job))

	var size struct {
		Paused             bool
		Pending, Scheduled int
	}
	for range 2 {
		do(team.Olivia, at+"publish/pause", nil).Is(http.StatusOK).Read(&size)
		require.True(t, size.Paused)
	}
	do(team.Olivia, at+"publish/resume", nil).Is(http.StatusOK).Read(&size)
	require.False(t, size.Paused)
	require.Equal(t, 1, size.Scheduled)

	var list struct {
		Jobs []struct {
			ID, Type, State string
			About           map[string]string
		}
	}
	team.Olivia.Get(at + "publish/jobs?state=scheduled").Is(http.StatusOK).Read(&list)
	require.Len(t, list.Jobs, 1)
	require.Equal(t, job.ID, list.Jobs[0].ID)
	require.Equal(t, jobs.TypePublish, list.Jobs[0].Type)
	require.Equal(t, job.Payload.(jobs.Target).Post.String(), list.Jobs[0].About["post"])

	var changed struct{ Jobs int }
	state := map[string]string{"state": "scheduled"}
	team.Olivia.Post(at+"publish/drop", map[string]string{"state": "archived", "job": job.ID}).Problem(http.StatusNotFound, "not_found")
	team.Olivia.Post(at+"publish/drop", map[string]string{"state": "active"}).Problem(http.StatusUnprocessableEntity, "invalid")
	team.Olivia.Post(at+"other/drop", state).Problem(http.StatusUnprocessableEntity, "invalid")
	team.Olivia.Post(at+"publish/retry", state).Is(http.StatusOK).Read(&changed)
	require.Equal(t, 1, changed.Jobs)
	team.Olivia.Post(at+"publish/drop", map[string]string{"state": "pending", "job": job.ID}).Is(http.StatusOK).Read(&changed)
	require.Equal(t, 1, changed.Jobs)
	team.Olivia.Get(at + "publish/jobs?state=pending").Is(http.StatusOK).Read(&list)
	require.Empty(t, list.Jobs)
}

type quarantine struct {
	Held    bool
	Left    int
	History []struct {
		Reason, Note string
		Since        time.Time
		BegunBy      string    `json:"begun_by"`
		GivenUpBy    string    `json:"given_up_by"`
		EndedBy      string    `json:"ended_by"`
		EndedAt      time.Time `json:"ended_at"`
	}
}

// R69: an operator begins and ends a quarantine, which says who it was. It does
// not end as long as somebody has to be asked.
func TestQuarantine(t *testing.T) {
	t.Parallel()
	team, at, _ := installation(t)
	enrol(t, team, team.Olivia, at)
	at += "/v1/operator/quarantine"
	var now quarantine
	team.Olivia.Get(at).Is(http.StatusOK).Read(&now)
	require.False(t, now.Held)
	require.Empty(t, now.History)
	do(team.Olivia, at+"/end", nil).Problem(http.StatusConflict, "no_quarantine")
	do(team.Olivia, at+"/give-up", nil).Problem(http.StatusConflict, "no_quarantine")

	post := scheduled(t, team, "canary")
	_, err := team.Admin.Exec(t.Context(), "update views.targets set due = now() - interval '1 minute' where post_id = $1", post)
	require.NoError(t, err)
	since := time.Now().Add(-time.Hour).UTC().Truncate(time.Second)
	team.Olivia.Post(at, map[string]any{"note": "Sunday's image", "since": since}).Is(http.StatusOK).Read(&now)
	require.True(t, now.Held)
	require.Equal(t, 1, now.Left)
	require.Equal(t, "by_hand", now.History[0].Reason)
	require.Equal(t, "Sunday's image", now.History[0].Note)
	require.Equal(t, since, now.History[0].Since)
	require.Equal(t, team.Olivia.ID, now.History[0].BegunBy)
	team.Olivia.Post(at, map[string]any{}).Problem(http.StatusConflict, "quarantine_holds")
	do(team.Olivia, at+"/end", nil).Problem(http.StatusConflict, "targets_unasked")
	do(team.Olivia, at+"/give-up", nil).Is(http.StatusOK).Read(&now)
	require.Equal(t, team.Olivia.ID, now.History[0].GivenUpBy)
	require.True(t, now.Held)

	_, err = team.Admin.Exec(t.Context(), "update views.targets set state = 'unknown' where post_id = $1", post)
	require.NoError(t, err)
	do(team.Olivia, at+"/end", nil).Is(http.StatusOK).Read(&now)
	require.False(t, now.Held)
	require.Equal(t, team.Olivia.ID, now.History[0].EndedBy)
	require.False(t, now.History[0].EndedAt.IsZero())
}

// scheduled is a post that is due in an hour, as the views show it.
func scheduled(t *testing.T, team *apitest.Team, text string) uuid.UUID {
	t.Helper()
	done := team.Olivia.Command(team.Workspace, "SchedulePost", map[string]any{
		"text": text, "at": team.Clock.Now().Add(time.Hour).UTC().Truncate(time.Second), "targets": []map[string]string{{"account": team.Account}},
	}).Done()
	team.Olivia.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/posts", done.Position)).Is(http.StatusOK)
	var id uuid.UUID
	require.NoError(t, team.Admin.QueryRow(t.Context(), "select post_id from views.targets order by position desc limit 1").Scan(&id))
	return id
}
