package work

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/workspace"
	"behalf/projections/storytest"
)

// R61, R62: what somebody left behind is found by whoever settles it.
func TestWhatCarlLeavesBehind(t *testing.T) {
	t.Parallel()
	work := workOn(t, storytest.CarlGone()...)
	targets, err := work.Departed(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, targets, 2)
	held, err := work.Abandoned(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []HeldConnection{{Workspace: acme, Account: news, Holder: carl, Connection: storytest.CarlKey}}, held)
}

// A post that was written after the author came back is theirs.
func TestWhatCameLaterStays(t *testing.T) {
	t.Parallel()
	his := connected
	his.Holder, his.Connection = carl, storytest.CarlKey
	log := append(inAcme(founded, newsAdded, workspace.MemberRemoved{Member: carl}, invited(first), accepted(first)), onNews(his)...)
	work := workOn(t, append(log, onHello(composed)...)...)
	targets, err := work.Departed(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, targets)
	held, err := work.Abandoned(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, held)
}
