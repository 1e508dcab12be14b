package projections

import (
	"testing"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
	"behalf/eventstore"

	"github.com/stretchr/testify/require"
)

// R13: what is wanted is shown, with what became of it, until the workspace is deleted.
func TestExports(t *testing.T) {
	t.Parallel()
	asked := workspace.ExportRequested{Export: domain.ExportID{15: 1}, Until: dawn.Add(closing.ExportPatience)}
	finished := workspace.ExportFinished{Export: asked.Export, Owner: olivia, Object: "one.zip", Bytes: 3, SHA256: "aa", Until: dawn.Add(closing.ExportLife)}
	want := Export{
		Workspace: acme, ID: asked.Export, Position: 2, RequestedBy: olivia, RequestedAt: at(2), WantedUntil: asked.Until,
	}
	g := given(t, record(inAcme(founded, asked)...)...)
	then(g, exports, want)

	want.ReadyAt, want.ExpiresAt, want.Object, want.Bytes, want.SHA256 = at(3), finished.Until, "one.zip", 3, "aa"
	g = given(t, record(inAcme(founded, asked, finished)...)...)
	then(g, exports, want)
	reader := NewReader(g.Under(eventstore.RoleAPI), nil)
	shown, err := reader.Export(t.Context(), eventstore.Scope{Workspace: acme}, 0, asked.Export)
	require.NoError(t, err)
	require.Equal(t, want, shown.Value)
	_, err = reader.Export(t.Context(), eventstore.Scope{Workspace: domain.WorkspaceID{15: 9}}, 0, asked.Export)
	require.ErrorIs(t, err, ErrNotFound)

	then(given(t, record(inAcme(founded, asked, finished, workspace.Deleted{})...)...), exports)
}
