package projections

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
	"behalf/eventstore"

	"github.com/stretchr/testify/require"
)

// R13: what is wanted is found until it is there, or nobody waits for it any
// more; what is there is kept until it expires, or the workspace is deleted.
func TestExports(t *testing.T) {
	t.Parallel()
	asked := workspace.ExportRequested{Export: domain.ExportID{15: 1}, Until: dawn.Add(closing.ExportPatience)}
	finished := workspace.ExportFinished{Export: asked.Export, Owner: olivia, Object: "one.zip", Bytes: 3, SHA256: "aa", Until: dawn.Add(closing.ExportLife)}
	want := Export{
		Workspace: acme, ID: asked.Export, Position: 2, RequestedBy: olivia, RequestedAt: at(2), WantedUntil: asked.Until,
	}
	g := given(t, record(inAcme(founded, asked)...)...)
	then(g, exports, want)
	work := NewWork(g.Under(eventstore.RoleEngine))
	found, err := work.WantedExports(t.Context(), dawn, 10)
	require.NoError(t, err)
	require.Equal(t, []Export{want}, found)
	found, err = work.WantedExports(t.Context(), asked.Until, 10)
	require.NoError(t, err)
	require.Empty(t, found)

	want.ReadyAt, want.ExpiresAt, want.Object, want.Bytes, want.SHA256 = at(3), finished.Until, "one.zip", 3, "aa"
	g = given(t, record(inAcme(founded, asked, finished)...)...)
	then(g, exports, want)
	work = NewWork(g.Under(eventstore.RoleEngine))
	found, err = work.WantedExports(t.Context(), dawn, 10)
	require.NoError(t, err)
	require.Empty(t, found)
	for moment, kept := range map[time.Time]int{dawn: 1, finished.Until: 0} {
		all, err := work.KeptExports(t.Context(), []string{"one.zip", "another.zip"}, moment)
		require.NoError(t, err)
		require.Len(t, all, kept)
	}
	reader := NewReader(g.Under(eventstore.RoleAPI), nil)
	shown, err := reader.Export(t.Context(), eventstore.Scope{Workspace: acme}, 0, asked.Export)
	require.NoError(t, err)
	require.Equal(t, want, shown.Value)
	_, err = reader.Export(t.Context(), eventstore.Scope{Workspace: domain.WorkspaceID{15: 9}}, 0, asked.Export)
	require.ErrorIs(t, err, ErrNotFound)

	then(given(t, record(inAcme(founded, asked, finished, workspace.Deleted{})...)...), exports)
}
