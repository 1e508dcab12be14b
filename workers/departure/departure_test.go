package departure_test

import (
	"context"
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/invitation"
	"behalf/domain/workspace/membership"
	"behalf/domain/workspace/ownership"
	"behalf/eventstore"
	"behalf/internal/networks/facebook/groups"
	"behalf/internal/vault"
	"behalf/projections"
	"behalf/projections/work"
	"behalf/workers/departure"
	"behalf/workers/workerstest"

	"github.com/stretchr/testify/require"
)

// deps are those of a clerk at a moment that the test chooses.
func deps(w *workerstest.World, in time.Duration) departure.Deps {
	return departure.Deps{
		Pool: w.Pool, Store: w.Store, Work: work.NewReader(w.Pool), Vault: w.Vault, Keys: w.Persons, Logger: w.Logger(),
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
	w.As(w.Olivia, &membership.RemoveMember{Member: w.Carl})
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
	for i := range 3 {
		posts = append(posts, w.Schedule(w.Carl, "whose?", time.Now().Add(time.Hour+time.Duration(2*i)*time.Minute)))
	}
	w.As(w.Carl, &membership.LeaveWorkspace{})
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
	w.As(w.Olivia, &membership.RemoveMember{Member: w.Carl})
	invited := w.Invite(workspace.MemberMode)
	w.As(w.Carl, &invitation.AcceptInvitation{
		Link: invitation.Link{Invitation: invited.Invitation, Generation: invited.Generation},
	})
	w.Connect(w.Carl)
	since := w.Schedule(w.Carl, "since", time.Now().Add(2*time.Hour))
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
	w.As(w.Olivia, &membership.ChangeClientAccess{Whom: workspace.Whom{Member: w.Carl}})
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
	w.As(w.Olivia, &assignment.RemoveAccount{Account: w.Account})
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
	w.As(w.Olivia, &ownership.OfferOwnership{Member: w.Carl})
	w.As(w.Carl, &ownership.AcceptOwnership{})
	for range 2 {
		settle(w, 0)
		require.Equal(t, []account.ReauthenticationNeeded{{
			Holder: w.Carl, Code: sending.NoConnection, Detail: "The Owner has not connected this account.",
		}}, w.Outages())
	}
}

// R49: a member who has disconnected is asked once they are the Owner; an Owner
// who disconnects is not, until a post would go out through it.
func TestOwnershipTransferredToWhoDisconnected(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Connect(w.Carl)
	for _, leaves := range []domain.UserID{w.Carl, w.Olivia} {
		w.As(leaves, &account.DisconnectAccount{Account: w.Account})
		for range 2 {
			settle(w, 0)
			require.Empty(t, w.Outages())
		}
	}
	w.As(w.Olivia, &ownership.OfferOwnership{Member: w.Carl})
	w.As(w.Carl, &ownership.AcceptOwnership{})
	for range 2 {
		settle(w, 0)
		require.Len(t, w.Outages(), 1)
	}
	require.Equal(t, w.Carl, w.Outages()[0].Holder)
}

// noteMails notes one open mail, one that went out, something gathered, and both
// of the deletion itself, all of the workspace; and an open mail of another one.
func noteMails(w *workerstest.World) {
	w.Helper()
	_, err := w.Pool.Exec(w.Ctx, `
		insert into workers.mails (mail_id, kind, person, event_id, workspace_id, stream, ended_at, outcome)
		values
			(gen_random_uuid(), 'added', $2, gen_random_uuid(), $1, '', null, null),
			(gen_random_uuid(), 'added', $2, gen_random_uuid(), $1, '', now(), 'sent'),
			(gen_random_uuid(), 'workspace_deleted', $2, gen_random_uuid(), $1, '', null, null),
			(gen_random_uuid(), 'added', $2, gen_random_uuid(), gen_random_uuid(), '', null, null)`,
		[16]byte(w.Workspace), [16]byte(w.Carl))
	require.NoError(w, err)
	_, err = w.Pool.Exec(w.Ctx, `
		insert into workers.gathered (event_id, person, kind, workspace_id, stream)
		values
			(gen_random_uuid(), $2, 'access_changed', $1, ''),
			(gen_random_uuid(), $2, 'workspace_deleted', $1, '')`, [16]byte(w.Workspace), [16]byte(w.Carl))
	require.NoError(w, err)
}

func mailsNoted(w *workerstest.World) (noted int) {
	w.Helper()
	err := w.Pool.QueryRow(w.Ctx, "select (select count(*) from workers.mails) + (select count(*) from workers.gathered)").Scan(&noted)
	require.NoError(w, err)
	return noted
}

// says is what a text says to whoever may read it now.
func says(w *workerstest.World, text personal.Text) string {
	w.Helper()
	require.NoError(w, w.Persons.Open(w.Ctx, &text))
	return text.Reveal()
}

// The policy has it settled at once; nobody waits for the sweeper.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Schedule(w.Carl, "at once", time.Now().Add(time.Hour))
	times := workerstest.Times
	times.Sweep = time.Hour
	w.WorkWith(w.Deps(), times)
	w.As(w.Olivia, &membership.RemoveMember{Member: w.Carl})
	workerstest.AwaitEvent[post.Passed](w, id)
}

// Where people post by hand a new Owner needs no connection, and is not asked for
// one (R44, R49).
func TestOwnershipTransferredByHand(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	page := w.Account
	w.AddByHand(groups.New(), groups.Name, "")
	w.As(w.Olivia, &ownership.OfferOwnership{Member: w.Carl})
	w.As(w.Carl, &ownership.AcceptOwnership{})
	caughtUp(w)
	found, err := work.NewReader(w.Pool).OwnerUnconnected(w.Ctx, 10)
	require.NoError(t, err)
	require.Equal(t, []work.Unconnected{{Workspace: w.Workspace, Account: page, Owner: w.Carl}}, found)
	w.AsSystem(&account.RecordReauthenticationNeeded{Account: w.Account, Holder: w.Carl, Code: sending.NoConnection})
	require.Empty(t, w.Outages())
}
