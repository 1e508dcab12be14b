package departure_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
	"behalf/eventstore"
	"behalf/workers/departure"
	"behalf/workers/workerstest"
)

// R13: after its days of grace a workspace is deleted: no connection of it is
// left, what was sealed with its key opens for nobody, no mail of it waits.
func TestDeleted(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	connection := w.ConnectionOf(w.Olivia)
	said := personal.Workspace(w.Workspace).Says("what we plan").At(personal.Place{ID: [16]byte{1}, Field: "text"})
	require.NoError(t, w.Persons.Seal(w.Ctx, &said))
	other := personal.Workspace(eventstore.Fresh()).Says("elsewhere").At(personal.Place{ID: [16]byte{1}, Field: "text"})
	require.NoError(t, w.Persons.Seal(w.Ctx, &other))
	noteMails(w)
	w.As(w.Olivia, &closing.DeleteWorkspace{})
	settle(w, closing.DeletionGrace-time.Hour)
	stream := workspace.Stream(w.Workspace)
	require.Empty(t, on[workspace.Deleted](w, stream))
	require.True(t, stored(w, connection))
	require.Equal(t, "what we plan", says(w, said))
	require.Equal(t, 6, mailsNoted(w))
	for range 2 {
		settle(w, closing.DeletionGrace+time.Second)
		settle(w, closing.DeletionGrace+time.Second)
		require.Len(t, on[workspace.Deleted](w, stream), 1)
		require.False(t, stored(w, connection))
		require.Equal(t, personal.Deleted, says(w, said))
		require.Equal(t, "elsewhere", says(w, other))
		require.Equal(t, 4, mailsNoted(w), "those that went out, those of another workspace, and those that say it")
	}
}

// What a deleted workspace keeps outside is cleared once, by whoever destroyed its key.
func TestDeletedIsCleared(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.As(w.Olivia, &closing.DeleteWorkspace{})
	caughtUp(w)
	var cleared []domain.WorkspaceID
	d := deps(w, closing.DeletionGrace+time.Second)
	d.Clear = func(_ context.Context, ws domain.WorkspaceID) error {
		cleared = append(cleared, ws)
		return nil
	}
	for range 3 {
		require.NoError(t, departure.New(d).Settle(w.Ctx))
		caughtUp(w)
	}
	require.Equal(t, []domain.WorkspaceID{w.Workspace}, cleared)
}
