package projections

import (
	"testing"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"

	"github.com/stretchr/testify/require"
)

var carlsKey = domain.ConnectionID{0: 5, 15: 9}

// gone is Carl with a post and a connection, who was removed.
func goneCarl() []domain.Change {
	his := connected
	his.Holder, his.Connection = carl, carlsKey
	log := append(inAcme(founded, newsAdded, blogAdded, invited(first), accepted(first)), onNews(his)...)
	return append(append(log, onHello(composed, planned)...), inAcme(workspace.MemberRemoved{Member: carl})...)
}

// R61, R62: what remains is counted until it is settled, and found by whoever settles it.
func TestDepartures(t *testing.T) {
	t.Parallel()
	log := record(goneCarl()...)
	g := given(t, log...)
	last := log[len(log)-1]
	then(g, departures, departureRow{Position: last.Position, Workspace: acme, What: MembershipEnded, User: carl, At: last.RecordedAt})

	reader := NewReader(g.Under(eventstore.RoleAPI), nil)
	answer, err := reader.Departures(t.Context(), ofAcme, 0, DeparturePage{})
	require.NoError(t, err)
	require.Equal(t, []Departure{{
		Position: last.Position, What: MembershipEnded, User: carl, At: last.RecordedAt, Posts: 1, Connections: 1,
	}}, answer.Value)
	foreign, err := reader.Departures(t.Context(), eventstore.Scope{Workspace: domain.WorkspaceID{0: 1, 15: 9}}, 0, DeparturePage{})
	require.NoError(t, err)
	require.Empty(t, foreign.Value)

	work := NewWork(g.Under(eventstore.RoleEngine))
	targets, err := work.Departed(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, targets, 2)
	held, err := work.Abandoned(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []HeldConnection{{Workspace: acme, Account: news, Holder: carl, Connection: carlsKey}}, held)
}

// A post that was written after the author came back is theirs.
func TestWhatCameLaterStays(t *testing.T) {
	t.Parallel()
	his := connected
	his.Holder, his.Connection = carl, carlsKey
	log := append(inAcme(founded, newsAdded, workspace.MemberRemoved{Member: carl}, invited(first), accepted(first)), onNews(his)...)
	work := NewWork(given(t, record(append(log, onHello(composed)...)...)...).Under(eventstore.RoleEngine))
	targets, err := work.Departed(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, targets)
	held, err := work.Abandoned(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, held)
}
