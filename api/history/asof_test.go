package history_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

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

// What is told as of a position that nothing has yet would change: it is refused,
// with the log's end, which can be asked for.
func TestAPositionAheadOfTheLog(t *testing.T) {
	t.Parallel()
	team, carl, _ := changed(t)
	for _, question := range []string{"/as-of?at=%d", "/who-could?at=%d", "/who-could?account=" + team.Account + "&at=%d", "/diff?from=%d", "/diff?from=1&to=%d"} {
		asked := team.Olivia.Get(base(team) + fmt.Sprintf(question, 1_000_000))
		asked.Problem(http.StatusUnprocessableEntity, "position_ahead")
		var refused struct{ Position, Reached int64 }
		asked.Read(&refused)
		require.EqualValues(t, 1_000_000, refused.Position, question)
		team.Olivia.Get(base(team) + fmt.Sprintf(question, refused.Reached)).Is(http.StatusOK)
	}
	carl.Get(base(team)+"/as-of?at=1000000").Problem(http.StatusForbidden, "auditors_only")
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
