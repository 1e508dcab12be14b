package departure_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
	"behalf/workers/departure"
	"behalf/workers/workerstest"
)

// another makes one more workspace of Olivia's, with Carl in it.
func another(w *workerstest.World) domain.WorkspaceID {
	w.Helper()
	first := w.Workspace
	defer func() { w.Workspace = first }()
	create := &workspace.CreateWorkspace{ID: eventstore.Fresh(), Name: "Apex"}
	w.As(w.Olivia, create)
	w.Workspace = create.ID
	happened := w.As(w.Olivia, &invitation.InviteEditor{Email: workerstest.CarlEmail, Person: w.Carl})
	invited, ok := happened[0].Event.(workspace.EditorInvited)
	require.True(w, ok)
	w.As(w.Carl, &invitation.AcceptInvitation{
		Link: invitation.Link{Invitation: invited.Invitation, Generation: invited.Generation},
	})
	return create.ID
}

func left(w *workerstest.World, ws domain.WorkspaceID) []workspace.MemberLeft {
	w.Helper()
	return on[workspace.MemberLeft](w, workspace.Stream(ws))
}

// R66, R61, R62: whoever is erased leaves all workspaces, also when the clerk is
// killed in between; each once. The posts are the Owner's, nothing is connected.
func TestErasedPersonLeaves(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Connect(w.Carl)
	connection := w.ConnectionOf(w.Carl)
	id := w.Schedule(w.Carl, "in whose name?", time.Now().Add(time.Hour))
	all := []domain.WorkspaceID{w.Workspace, another(w)}
	w.As(w.Carl, &user.EraseUser{Person: w.Carl})
	require.NoError(t, w.Erase(w.Ctx))

	for deaths, deeds := range []int{0, 1, 1} {
		caughtUp(w)
		ctx, die := context.WithCancel(w.Ctx)
		m := &mortal{Vault: w.Vault, left: deeds, die: die}
		mortalDeps := deps(w, 0)
		mortalDeps.Vault, mortalDeps.Now = m, m.live
		require.Error(t, departure.New(mortalDeps).Settle(ctx), "it was killed")
		require.Len(t, append(left(w, all[0]), left(w, all[1])...), deaths)
	}
	for range 2 {
		settle(w, 0)
		require.Equal(t, []workspace.MemberLeft{{Member: w.Carl, Posts: []domain.PostID{id}}}, left(w, all[0]))
		require.Equal(t, []workspace.MemberLeft{{Member: w.Carl}}, left(w, all[1]))
		target := w.Target(id)
		require.Equal(t, w.Olivia, target.Author)
		require.Equal(t, post.Due, target.State)
		require.False(t, stored(w, connection))
		require.Equal(t, []account.ConnectionDestroyed{{Holder: w.Carl, Connection: connection}},
			on[account.ConnectionDestroyed](w, account.Stream(w.Account)))
	}
}

// R13: nobody leaves what is closed, an erased person neither; and whoever is
// among them hinders nobody else from leaving.
func TestErasedPersonStaysInWhatIsClosed(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	open := another(w)
	w.As(w.Olivia, &closing.CloseWorkspace{})
	w.As(w.Carl, &user.EraseUser{Person: w.Carl})
	settle(w, 0)
	require.Empty(t, left(w, w.Workspace))
	require.Len(t, left(w, open), 1)
}

// R66: a restored log may be older than an erasure, which the destroyed key alone
// still tells of.
func TestErasedByTheKeyAlone(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	settle(w, 0)
	require.Empty(t, left(w, w.Workspace))
	tag, err := w.Admin.Exec(w.Ctx, "update persons.keys set wrapped = null, destroyed_at = now() where person = $1", [16]byte(w.Carl))
	require.NoError(t, err)
	require.EqualValues(t, 1, tag.RowsAffected())
	settle(w, 0)
	require.Len(t, left(w, w.Workspace), 1)
}

// R66: the policy has it done at once; nobody waits for the sweeper.
func TestErasedLeaveAtOnce(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Schedule(w.Carl, "at once", time.Now().Add(time.Hour))
	times := workerstest.Times
	times.Sweep = time.Hour
	w.WorkWith(w.Deps(), times)
	w.As(w.Carl, &user.EraseUser{Person: w.Carl})
	workerstest.AwaitEvent[post.Passed](w, id)
}
