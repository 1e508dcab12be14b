package work

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"

	"github.com/stretchr/testify/require"
)

// R13: what is wanted is found until it is there, or nobody waits for it any
// more; what is there is kept until it expires.
func TestExports(t *testing.T) {
	t.Parallel()
	asked := workspace.ExportRequested{Export: domain.ExportID{15: 1}, Until: dawn.Add(closing.ExportPatience)}
	finished := workspace.ExportFinished{Export: asked.Export, Owner: olivia, Object: "one.zip", Bytes: 3, SHA256: "aa", Until: dawn.Add(closing.ExportLife)}
	work := workOn(t, inAcme(founded, asked)...)
	found, err := work.WantedExports(t.Context(), dawn, 10)
	require.NoError(t, err)
	require.Equal(t, []WantedExport{{Workspace: acme, ID: asked.Export, Position: 2}}, found)
	found, err = work.WantedExports(t.Context(), asked.Until, 10)
	require.NoError(t, err)
	require.Empty(t, found)

	work = workOn(t, inAcme(founded, asked, finished)...)
	found, err = work.WantedExports(t.Context(), dawn, 10)
	require.NoError(t, err)
	require.Empty(t, found)
	for moment, kept := range map[time.Time]int{dawn: 1, finished.Until: 0} {
		all, err := work.KeptExports(t.Context(), []string{"one.zip", "another.zip"}, moment)
		require.NoError(t, err)
		require.Len(t, all, kept)
	}
}
