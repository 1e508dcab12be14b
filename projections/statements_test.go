package projections

import (
	"testing"

	"behalf/internal/testkit"
	"behalf/projections/storytest"

	"github.com/stretchr/testify/require"
)

func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	storytest.PrepareStatements(t, testkit.Postgres(t, Install))
}

func TestTablesAreAsDescribed(t *testing.T) {
	t.Parallel()
	storytest.Described(t, testkit.Postgres(t, Install),
		people.Shape, workspaces.Shape, members.Shape, assignments.Shape, invitations.Shape,
		accounts.Shape, connections.Shape, exports.Shape)
}

func TestInstallingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	g := given(t, record(inAcme(founded)...)...)
	installed := make(chan error)
	for range 4 {
		go func() { installed <- Install(t.Context(), g.Tables) }()
	}
	for range 4 {
		require.NoError(t, <-installed)
	}
	then(g, workspaces, workspaceRow{Workspace: acme, Name: "Acme", Owner: olivia, Since: at(1), CreatedAt: at(1), Grace: 15})
}
