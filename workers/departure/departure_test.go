package departure_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/vault"
	"behalf/projections"
	"behalf/workers/departure"
	"behalf/workers/workerstest"
)

// deps are those of a clerk at a moment that the test chooses.
func deps(w *workerstest.World, in time.Duration) departure.Deps {
	return departure.Deps{
		Store: w.Store, Work: projections.NewWork(w.Pool), Vault: w.Vault, Logger: w.Logger(),
		Now: func() time.Time { return time.Now().Add(in) },
	}
}

// settle lets a clerk do everything that the views know of, which is everything.
func settle(w *workerstest.World, in time.Duration) {
	w.Helper()
	caughtUp(w)
	require.NoError(w, departure.New(deps(w, in)).Settle(w.Ctx))
	caughtUp(w)
}

func caughtUp(w *workerstest.World) {
	w.Helper()
	for _, one := range []projections.View{projections.Posts, projections.Accounts, projections.Members, projections.Invitations} {
		w.CaughtUp(one.Group())
	}
}

// stored reports whether the vault still has a connection.
func stored(w *workerstest.World, id domain.ConnectionID) bool {
	w.Helper()
	_, secret, err := w.Vault.Open(w.Ctx, id)
	if err != nil {
		require.ErrorIs(w, err, vault.ErrNotFound)
	}
	secret.Wipe()
	return err == nil
}

// on are a stream's events of one type.
func on[E domain.Event](w *workerstest.World, stream domain.Stream) (found []E) {
	w.Helper()
	for recorded, err := range w.Store.Read(w.Ctx, eventstore.Scope{}, stream, eventstore.UpTo{}) {
		require.NoError(w, err)
		if one, ok := recorded.Event.(E); ok {
			found = append(found, one)
		}
	}
	return found
}

// R61, R62: the posts are the Owner's, what was scheduled stays so, and nothing
// is left of the connection. Once more changes nothing.
func TestRemovedMember(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Connect(w.Carl)
	connection := w.ConnectionOf(w.Carl)
	id := w.Schedule(w.Carl, "mine no more", time.Now().Add(time.Hour))
	w.As(w.Olivia, &workspace.RemoveMember{Member: w.Carl})
	for range 2 {
		settle(w, 0)
		target := w.Target(id)
		require.Equal(t, w.Olivia, target.Author)
		require.Equal(t, post.Due, target.State)
		require.Equal(t, []post.Passed{{From: w.Carl, To: w.Olivia, Accounts: []domain.AccountID{w.Account}, Whole: true}},
			workerstest.Events[post.Passed](w, id))
		require.False(t, stored(w, connection))
		require.True(t, stored(w, w.ConnectionOf(w.Olivia)))
		require.Equal(t, []account.ConnectionDestroyed{{Holder: w.Carl, Connection: connection}},
			on[account.ConnectionDestroyed](w, account.Stream(w.Account)))
	}
}

// mortal is a clerk's life: it ends before the next thing that would be done.
type mortal struct {
	departure.Vault
	left int
	die  context.CancelFunc
}

func (m *mortal) Destroy(ctx context.Context, id domain.ConnectionID) error {
	m.live()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return m.Vault.Destroy(ctx, id)
}

// live is asked before every deed: a command reads the clock when it is issued.
func (m *mortal) live() time.Time {
	if m.left == 0 {
		m.die()
	}
	m.left--
	return time.Now()
}

// Killed after each single deed - between the vault's row and its event, too -
// the clerk's successors bring all of it to its end, and none of it twice.
func TestKilledAfterEveryStep(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Connect(w.Carl)
	connection := w.ConnectionOf(w.Carl)
	var posts []domain.PostID
	for range 3 {
		posts = append(posts, w.Schedule(w.Carl, "whose?", time.Now().Add(time.Hour)))
	}
	w.As(w.Carl, &workspace.LeaveWorkspace{})
	var between bool                             // somebody died after the row and before the event
	for _, deeds := range []int{1, 2, 1, 1, 1} { // the row; once more, and its event; three posts
		caughtUp(w)
		ctx, die := context.WithCancel(w.Ctx)
		m := &mortal{Vault: w.Vault, left: deeds, die: die}
		mortalDeps := deps(w, 0)
		mortalDeps.Vault, mortalDeps.Now = m, m.live
		require.Error(t, departure.New(mortalDeps).Settle(ctx), "it was killed")
		between = between || !stored(w, connection) && len(on[account.ConnectionDestroyed](w, account.Stream(w.Account))) == 0
	}
	require.True(t, between)
	for range 2 {
		everythingSettled(t, w, connection, posts)
		settle(w, 0)
	}
}

func everythingSettled(t *testing.T, w *workerstest.World, connection domain.ConnectionID, posts []domain.PostID) {
	t.Helper()
	require.False(t, stored(w, connection))
	require.Len(t, on[account.ConnectionDestroyed](w, account.Stream(w.Account)), 1)
	for _, id := range posts {
		require.Equal(t, w.Olivia, w.Target(id).Author)
		require.Len(t, workerstest.Events[post.Passed](w, id), 1)
	}
}

// Who is a member again before anybody settled: what was theirs before is the
// Owner's, what is theirs since stays.
func TestRemovedAndBackAgain(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Connect(w.Carl)
	before := w.Schedule(w.Carl, "before", time.Now().Add(time.Hour))
	w.As(w.Olivia, &workspace.RemoveMember{Member: w.Carl})
	invited := w.Invite(workspace.MemberMode)
	w.As(w.Carl, &workspace.AcceptInvitation{
		Link: workspace.InvitationLink{Invitation: invited.Invitation, Generation: invited.Generation},
	})
	w.Connect(w.Carl)
	since := w.Schedule(w.Carl, "since", time.Now().Add(time.Hour))
	settle(w, 0)
	require.Equal(t, w.Olivia, w.Target(before).Author)
	require.Equal(t, w.Carl, w.Target(since).Author)
	require.True(t, stored(w, w.ConnectionOf(w.Carl)))
}

// R61: withdrawing manage_posts takes the posts, and not the connection.
func TestPostingWithdrawn(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Connect(w.Carl)
	id := w.Schedule(w.Carl, "not yours to send", time.Now().Add(time.Hour))
	w.As(w.Olivia, &workspace.ChangeClientAccess{Whom: workspace.Whom{Member: w.Carl}})
	settle(w, 0)
	require.Equal(t, w.Olivia, w.Target(id).Author)
	require.True(t, stored(w, w.ConnectionOf(w.Carl)))
}

// R7: nothing waits for an account that is gone, and nobody is connected to it.
func TestAccountRemoved(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	connection := w.ConnectionOf(w.Olivia)
	id := w.Schedule(w.Carl, "to whom?", time.Now().Add(time.Hour))
	w.As(w.Olivia, &workspace.RemoveAccount{Account: w.Account})
	settle(w, 0)
	require.Equal(t, post.Failed, w.Target(id).State)
	require.Equal(t, "account_gone", workerstest.Events[post.TargetFailed](w, id)[0].Code)
	require.Equal(t, w.Carl, w.Target(id).Author, "whose it is has not changed")
	require.False(t, stored(w, connection))
}

// R11, R49: the new Owner is asked once for each account that they have not connected.
func TestOwnershipTransferred(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.As(w.Olivia, &workspace.OfferOwnership{Member: w.Carl})
	w.As(w.Carl, &workspace.AcceptOwnership{})
	for range 2 {
		settle(w, 0)
		require.Equal(t, []account.ReauthenticationNeeded{{
			Holder: w.Carl, Code: post.NoConnection, Detail: "The Owner has not connected this account.",
		}}, w.Outages())
	}
}

// R23: an invitation expires at its time, and not before.
func TestInvitationExpires(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.As(w.Olivia, &workspace.InviteAuditor{Email: "ada@example.com", Person: eventstore.Fresh()})
	settle(w, workspace.InvitationLife-time.Minute)
	stream := workspace.Stream(w.Workspace)
	require.Empty(t, on[workspace.InvitationExpired](w, stream))
	for range 2 {
		settle(w, workspace.InvitationLife+time.Second)
		require.Len(t, on[workspace.InvitationExpired](w, stream), 1)
	}
}

// R23: nobody has to wait for the sweeper: the clerk knows the next deadline.
func TestInvitationExpiresByItself(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	happened := w.As(w.Olivia, &workspace.InviteAuditor{Email: "ada@example.com", Person: eventstore.Fresh()})
	invited, ok := happened[0].Event.(workspace.AuditorInvited)
	require.True(t, ok)
	caughtUp(w)
	w.Background(departure.New(deps(w, workspace.InvitationLife-time.Second)).Run)
	for {
		next := w.Signals.Appended.Next()
		if expired := on[workspace.InvitationExpired](w, workspace.Stream(w.Workspace)); len(expired) > 0 {
			require.Equal(t, invited.Invitation, expired[0].Invitation)
			return
		}
		select {
		case <-next:
		case <-w.Ctx.Done():
			require.FailNow(t, "it does not expire")
		}
	}
}

// R13: after its days of grace a workspace is deleted, and no connection of it is left.
func TestDeleted(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	connection := w.ConnectionOf(w.Olivia)
	w.As(w.Olivia, &workspace.DeleteWorkspace{})
	settle(w, workspace.DeletionGrace-time.Hour)
	stream := workspace.Stream(w.Workspace)
	require.Empty(t, on[workspace.Deleted](w, stream))
	require.True(t, stored(w, connection))
	for range 2 {
		settle(w, workspace.DeletionGrace+time.Second)
		settle(w, workspace.DeletionGrace+time.Second)
		require.Len(t, on[workspace.Deleted](w, stream), 1)
		require.False(t, stored(w, connection))
	}
}

// The policy has it settled at once; nobody waits for the sweeper.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Schedule(w.Carl, "at once", time.Now().Add(time.Hour))
	times := workerstest.Times
	times.Sweep = time.Hour
	w.WorkWith(w.Deps(), times)
	w.As(w.Olivia, &workspace.RemoveMember{Member: w.Carl})
	workerstest.AwaitEvent[post.Passed](w, id)
}
