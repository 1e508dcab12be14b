package query_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

type targets = []map[string]string

// editor joins as an Editor whose posts on the account need an approval (R50).
func editor(t *testing.T, team *apitest.Team, name string) *apitest.Person {
	t.Helper()
	invited := team.Olivia.With(t).Command(team.Workspace, "InviteEditor", map[string]any{
		"email": name + "@example.com", "assignments": []map[string]string{
			{"account": team.Account, "posting_level": "approval_required", "credential_mode": "owner"},
		},
	}).Done()
	person := team.SignUp(t, name)
	person.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": team.Link(t, invited)}).Is(http.StatusOK)
	return person
}

// The board counts what its reader sees, state by state; waiting_for_me lists
// what they may let pass, and nobody sees their own there (R53).
func TestBoardAndWaitingForMe(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	edda := editor(t, team, "edda")
	stranger := team.SignUp(t, "mallory")
	in := "/v1/workspaces/" + team.Workspace
	team.Olivia.Command(team.Workspace, "CreateDraft", map[string]any{"text": "A thought", "targets": targets{{"account": team.Account}}}).Done()
	team.Olivia.Command(team.Workspace, "CreateDraft", map[string]any{"text": "Hers alone", "private": true, "targets": targets{{"account": team.Account}}}).Done()
	submitted := edda.Command(team.Workspace, "SchedulePost", map[string]any{
		"text": "May I?", "at": team.Clock.Now().Add(time.Hour), "targets": targets{{"account": team.Account}},
	}).Done()

	counts := func(who *apitest.Person) map[string]int {
		var board struct {
			Lanes []struct {
				State string
				Posts int
			}
		}
		who.Get(apitest.At(in+"/board", submitted.Position)).Is(http.StatusOK).Read(&board)
		found := map[string]int{}
		for _, lane := range board.Lanes {
			if lane.Posts > 0 {
				found[lane.State] = lane.Posts
			}
		}
		return found
	}
	require.Equal(t, map[string]int{"draft": 2, "waiting": 1}, counts(team.Olivia))
	require.Equal(t, map[string]int{"draft": 1, "waiting": 1}, counts(edda), "a private draft is its author's (R31)")
	stranger.Get(in+"/board").Problem(http.StatusNotFound, "not_found")

	waiting := func(who *apitest.Person) (texts []string) {
		var list struct{ Posts []struct{ Text string } }
		who.Get(apitest.At(in+"/posts?waiting_for_me=true", submitted.Position)).Is(http.StatusOK).Read(&list)
		for _, post := range list.Posts {
			texts = append(texts, post.Text)
		}
		return texts
	}
	require.Equal(t, []string{"May I?"}, waiting(team.Olivia))
	require.Empty(t, waiting(edda), "nobody approves their own (R53)")
}

// A calendar's days are those of the zone that it is asked in.
func TestCalendar(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	in := "/v1/workspaces/" + team.Workspace + "/calendar"
	// An hour before midnight in UTC is the next day in Berlin, which is an hour ahead then.
	late := time.Date(team.Clock.Now().Year()+1, time.January, 15, 23, 30, 0, 0, time.UTC)
	done := team.Olivia.Command(team.Workspace, "SchedulePost", map[string]any{
		"text": "Good night", "at": late, "targets": targets{{"account": team.Account, "text": "Good night, News"}},
	}).Done()
	type slot struct{ Day, Local, Text, State string }
	on := func(day, zone string) (slots []slot) {
		var calendar struct{ Slots []slot }
		team.Olivia.Get(apitest.At(in+"?from="+day+"&to="+day+"&zone="+zone, done.Position)).Is(http.StatusOK).Read(&calendar)
		return calendar.Slots
	}
	utc, berlin := late.Format(time.DateOnly), late.AddDate(0, 0, 1).Format(time.DateOnly)
	require.Equal(t, []slot{{utc, late.Format(time.RFC3339), "Good night, News", "scheduled"}}, on(utc, "UTC"))
	require.Equal(t, []slot{{berlin, berlin + "T00:30:00+01:00", "Good night, News", "scheduled"}}, on(berlin, "Europe/Berlin"))
	require.Empty(t, on(utc, "Europe/Berlin"))
	require.Empty(t, on(berlin, "UTC"))

	for query, at := range map[string]string{
		"?from=2026-11-01&to=2026-11-02&zone=Mars/Base": "query.zone",
		"?from=2026-11-01&to=2026-11-02&zone=Local":     "query.zone",
		"?from=2026-11-02&to=2026-11-01":                "query.to",
		"?from=2026-01-01&to=2028-01-01":                "query.to",
	} {
		refused := team.Olivia.Get(in+query).Problem(http.StatusUnprocessableEntity, "invalid")
		require.Equal(t, at, refused.Errors[0].Location, query)
	}
	team.SignUp(t, "mallory").Get(in+"?from=2026-11-01&to=2026-11-02").Problem(http.StatusNotFound, "not_found")
}

// R60: everything that the network would refuse is named at once, target by
// target, before anything is scheduled; a draft may still be anything.
func TestLimitsAreCheckedWhenScheduled(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	long := strings.Repeat("ä", 6_000)
	draft := "post_" + strings.Repeat("7", 32)
	written := team.Olivia.Command(team.Workspace, "CreateDraft", map[string]any{
		"post": draft, "text": long, "targets": targets{{"account": team.Account}},
	}).Done()
	refused := team.Olivia.Command(team.Workspace, "SubmitPost", map[string]any{
		"post": draft, "at": team.Clock.Now().Add(time.Hour),
	}).Problem(http.StatusUnprocessableEntity, "content_refused")
	require.Equal(t, "R60", refused.Rule)
	require.Equal(t, "targets[0].text", refused.Errors[0].Location)
	require.Contains(t, refused.Errors[0].Message, "Acme News: ")
	shown := team.Olivia.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/posts/"+draft, written.Position)).Is(http.StatusOK)
	require.NotContains(t, string(shown.Body), `"scheduled"`)
}
