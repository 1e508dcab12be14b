package reading

import (
	"testing"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/projections/posts"
	"behalf/projections/storytest"

	"github.com/stretchr/testify/require"
)

// R61, R62: what remains is counted until it is settled.
func TestDepartures(t *testing.T) {
	t.Parallel()
	log := record(storytest.CarlGone()...)
	g := given(t, log...)
	last := log[len(log)-1]
	reader := New(g.Under(eventstore.RoleAPI), nil)
	answer, err := reader.Departures(t.Context(), ofAcme, 0, DeparturePage{})
	require.NoError(t, err)
	require.Equal(t, []Departure{{
		Position: last.Position, What: posts.MembershipEnded, User: carl, At: last.RecordedAt, Posts: 1, Connections: 1,
	}}, answer.Value)
	foreign, err := reader.Departures(t.Context(), eventstore.Scope{Workspace: domain.WorkspaceID{0: 1, 15: 9}}, 0, DeparturePage{})
	require.NoError(t, err)
	require.Empty(t, foreign.Value)
}
