package history_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

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
	require.Equal(t, []string{"account.connected.v1", "workspace.invitation_accepted.v1", "workspace.credential_mode_changed.v1"}, types(causes),
		"what had made the Owner's connection active as well")
	require.Equal(t, change, causes[2].Position)

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
