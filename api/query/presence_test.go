package query_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

// The list of members tells when each was last active, there and nowhere else;
// being removed and coming back begins anew, and being erased takes it away (R66).
func TestLastActive(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	position := team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{
		"member": carl.ID, "account": team.Account, "mode": "member",
	}).Done().Position
	type member struct {
		User         string
		JoinedAt     time.Time `json:"joined_at"`
		LastActiveAt time.Time `json:"last_active_at"`
	}
	of := func(workspace string, position int64) map[string]member {
		var listed struct{ Members []member }
		team.Olivia.Get(apitest.At("/v1/workspaces/"+workspace+"/members", position)).Is(http.StatusOK).Read(&listed)
		all := map[string]member{}
		for _, one := range listed.Members {
			all[one.User] = one
		}
		return all
	}
	moment := func() (now time.Time) {
		require.NoError(t, team.Admin.QueryRow(t.Context(), "select clock_timestamp()").Scan(&now))
		return now
	}
	first := of(team.Workspace, position)
	require.False(t, first[team.Olivia.ID].LastActiveAt.Before(first[team.Olivia.ID].JoinedAt))
	require.Zero(t, first[carl.ID].LastActiveAt, "accepting is becoming a member, no activity of one")

	began := moment()
	another := carl.CreateWorkspace("Carl's own")
	carl.Get("/v1/workspaces/" + another).Is(http.StatusOK)
	carl.Get("/v1/workspaces/" + another + "/members").Is(http.StatusOK)
	require.Zero(t, of(team.Workspace, 0)[carl.ID].LastActiveAt, "elsewhere is elsewhere")
	team.Nobody(t).Get(in(team)+"/members/me").Problem(http.StatusUnauthorized, "not_signed_in")
	carl.Get(in(team) + "/members/me").Is(http.StatusOK)
	seen := of(team.Workspace, 0)[carl.ID].LastActiveAt
	require.False(t, seen.Before(began) || seen.After(moment()), seen)

	carl.Get(in(team) + "/members/me").Is(http.StatusOK)
	require.Equal(t, seen, of(team.Workspace, 0)[carl.ID].LastActiveAt, "within the minute nothing is written")
	team.Clock.Move(time.Minute)
	carl.Get(in(team) + "/members/me").Is(http.StatusOK)
	require.True(t, of(team.Workspace, 0)[carl.ID].LastActiveAt.After(seen))

	team.Olivia.Command(team.Workspace, "RemoveMember", map[string]any{"member": carl.ID}).Is(http.StatusOK)
	carl.Get(in(team)+"/members/me").Problem(http.StatusNotFound, "not_found")
	back := carl.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": team.Invite(t, "carl@example.com", "owner")}).Done()
	require.Zero(t, of(team.Workspace, back.Position)[carl.ID].LastActiveAt)
}

// R66: when somebody was active goes with their key.
func TestLastActiveOfWhoWasErased(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	carl.Get(in(team)).Is(http.StatusOK)
	rows := func() (rows int) {
		require.NoError(t, team.Admin.QueryRow(t.Context(), "select count(*) from presence.seen").Scan(&rows))
		return rows
	}
	require.Equal(t, 2, rows())
	carl.Send(http.MethodDelete, "/v1/me", []byte(`{"password":"`+apitest.Password+`"}`), "Content-Type", "application/json").Is(http.StatusNoContent)
	require.Equal(t, 1, rows())
}
