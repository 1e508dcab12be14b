package reading

import (
	"testing"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"

	"github.com/stretchr/testify/require"
)

// R13: an archive is shown with what became of it, to its own workspace.
func TestExports(t *testing.T) {
	t.Parallel()
	asked := workspace.ExportRequested{Export: domain.ExportID{15: 1}, Until: dawn.AddDate(0, 0, 1)}
	finished := workspace.ExportFinished{Export: asked.Export, Owner: olivia, Object: "one.zip", Bytes: 3, SHA256: "aa", Until: dawn.AddDate(0, 0, 7)}
	reader := readerOn(t, inAcme(founded, asked, finished)...)
	require.Equal(t, Export{
		Workspace: acme, ID: asked.Export, Position: 2, RequestedBy: olivia, RequestedAt: at(2), WantedUntil: asked.Until,
		ReadyAt: at(3), ExpiresAt: finished.Until, Object: "one.zip", Bytes: 3, SHA256: "aa",
	}, value[Export](t)(reader.Export(t.Context(), ofAcme, 0, asked.Export)))
	_, err := reader.Export(t.Context(), eventstore.Scope{Workspace: domain.WorkspaceID{15: 9}}, 0, asked.Export)
	require.ErrorIs(t, err, ErrNotFound)
}
