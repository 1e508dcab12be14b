package reading

import (
	"testing"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/notice"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/storytest"

	"github.com/stretchr/testify/require"
)

// forCarl is what Carl is told, by his own eyes.
func forCarl(t *testing.T, g storytest.Told) []Notification {
	t.Helper()
	found, err := New(g.Under(eventstore.RoleAPI), nil).
		Notifications(t.Context(), eventstore.Scope{User: carl}, 0, NotificationPage{Limit: 100})
	require.NoError(t, err)
	return found.Value
}

func said(n Notification) string {
	told, names := n.Notice(carl)
	return told.Words(names).Text
}

// R20: who is invited is told so, by the name that the workspace had then. Who
// belongs to it no more learns nothing newer, and is told that instead (R32).
func TestWhoIsToldWhat(t *testing.T) {
	t.Parallel()
	renamed := workspace.Renamed{From: "Acme", To: "Secret plans"}
	begun := []domain.Event{founded, newsAdded, invited(first)}
	g := given(t, record(inAcme(append(begun, renamed)...)...)...)
	seen := forCarl(t, g)
	require.Len(t, seen, 1)
	require.Equal(t, "You are invited to join “Acme” as a client.", said(seen[0]))
	require.Equal(t, olivia, seen[0].Actor)
	require.False(t, seen[0].Read)

	joined := append(begun, accepted(first),
		workspace.CredentialModeChanged{Member: carl, Account: news, From: workspace.OwnerMode, To: workspace.MemberMode})
	g = given(t, record(append(inAcme(joined...),
		domain.On(account.Stream(news), account.ReauthenticationNeeded{Holder: carl, Code: "no_connection"})...)...)...)
	seen = forCarl(t, g)
	require.Equal(t, []notice.Kind{notice.Reauthentication, notice.AccessChanged, notice.Added, notice.Invitation},
		[]notice.Kind{seen[0].Kind, seen[1].Kind, seen[2].Kind, seen[3].Kind})
	require.Equal(t, "The account “Acme News” in “Acme” needs to be connected: there is no connection of yours yet.", said(seen[0]))

	g = given(t, record(inAcme(append(joined, workspace.MemberRemoved{Member: carl}, renamed)...)...)...)
	seen = forCarl(t, g)
	require.Len(t, seen, 1)
	require.Equal(t, "You are no longer a member of “Acme”.", said(seen[0]))
}

// Nobody reads what others are told, whatever the query says (R32).
func TestNotificationsAreOnesOwn(t *testing.T) {
	t.Parallel()
	g := given(t, record(inAcme(founded, newsAdded, invited(first))...)...)
	pool := g.Under(eventstore.RoleAPI)
	for user, want := range map[domain.UserID][2]int{carl: {1, 1}, olivia: {0, 0}, {}: {0, 0}} {
		var rows, names int
		tx, err := pool.Begin(t.Context())
		require.NoError(t, err)
		setting := ""
		if !user.IsZero() {
			setting = user.String()[len("usr_"):]
		}
		_, err = tx.Exec(t.Context(), "select set_config('behalf.user', $1, true)", setting)
		require.NoError(t, err)
		require.NoError(t, tx.QueryRow(t.Context(), "select count(*) from views.notifications").Scan(&rows))
		require.NoError(t, tx.QueryRow(t.Context(), "select count(*) from views.notified_names").Scan(&names))
		require.NoError(t, tx.Rollback(t.Context()))
		require.Equal(t, want, [2]int{rows, names}, user)
	}
}

// What is switched off is neither shown nor counted; what was read is read, by
// itself or with everything before it.
func TestReadAndUnwanted(t *testing.T) {
	t.Parallel()
	g := given(t, record(inAcme(founded, newsAdded, invited(first), accepted(first),
		workspace.CredentialModeChanged{Member: carl, Account: news, From: workspace.OwnerMode, To: workspace.MemberMode})...)...)
	reader := New(g.Under(eventstore.RoleAPI), nil)
	scope := eventstore.Scope{User: carl}
	unread := func() int64 {
		found, err := reader.Unread(t.Context(), scope, 0)
		require.NoError(t, err)
		return found.Value
	}
	do := func(statement string, parameters ...any) {
		_, err := g.Tables.Exec(t.Context(), statement, parameters...)
		require.NoError(t, err)
	}
	require.EqualValues(t, 3, unread())
	do("insert into notices.read (person, event_id) values ($1, $2)", [16]byte(carl), [16]byte(eventID(5)))
	require.EqualValues(t, 2, unread())
	do("insert into notices.read_to (person, position) values ($1, 3)", [16]byte(carl))
	require.EqualValues(t, 1, unread())
	found, err := reader.Notifications(t.Context(), scope, 0, NotificationPage{Unread: true, Limit: 100})
	require.NoError(t, err)
	require.Len(t, found.Value, 1)
	require.Equal(t, notice.Added, found.Value[0].Kind)
	do("insert into notices.preferences (person, kind, channel, wanted) values ($1, 'added', 'product', false)", [16]byte(carl))
	require.Zero(t, unread())
	found, err = reader.NotificationsAfter(t.Context(), scope, 0, 100)
	require.NoError(t, err)
	require.Equal(t, []bool{true, true}, []bool{found.Value[0].Read, found.Value[1].Read})
	require.Less(t, found.Value[0].Position, found.Value[1].Position, "the oldest first")
}

// R13, R68: what a workspace is told is told to all its members, from when they
// joined on; who did it, and who left, are not told, and of an account those
// alone who have it are (R27).
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	paused := workspace.PublishingPaused{Account: news}
	begun := []domain.Event{founded, newsAdded, workspace.PublishingPaused{}, workspace.PublishingResumed{}, invited(first), accepted(first)}
	kinds := func(g storytest.Told) (kinds []notice.Kind) {
		for _, n := range forCarl(t, g) {
			kinds = append(kinds, n.Kind)
		}
		return kinds
	}
	renamed := workspace.Renamed{From: "Acme", To: "Apex"}
	g := given(t, record(inAcme(append(begun, renamed, paused, workspace.Closed{})...)...)...)
	require.Equal(t, []notice.Kind{notice.WorkspaceEnding, notice.WorkspaceChanged, notice.WorkspaceChanged, notice.Added, notice.Invitation}, kinds(g))
	seen := forCarl(t, g)
	require.Equal(t, "“Apex” is closed.", said(seen[0]))
	require.Equal(t, "Publishing to “Acme News” in “Apex” is paused.", said(seen[1]))
	require.Equal(t, "“Acme” is called “Apex” now.", said(seen[2]))
	reader := New(g.Under(eventstore.RoleAPI), nil)
	unread, err := reader.Unread(t.Context(), eventstore.Scope{User: carl}, 0)
	require.NoError(t, err)
	require.EqualValues(t, 5, unread.Value)
	own, err := reader.Notifications(t.Context(), eventstore.Scope{User: olivia}, 0, NotificationPage{Limit: 100})
	require.NoError(t, err)
	require.Empty(t, own.Value, "she did it all")

	g = given(t, record(inAcme(append(begun, workspace.AccountUnassigned{Member: carl, Account: news}, paused)...)...)...)
	require.Equal(t, []notice.Kind{notice.AccessChanged, notice.Added, notice.Invitation}, kinds(g), "not his account")
	g = given(t, record(inAcme(append(begun, renamed, workspace.MemberRemoved{Member: carl})...)...)...)
	require.Equal(t, []notice.Kind{notice.Removed}, kinds(g))
	g = given(t, record(inAcme(append(begun, renamed, workspace.Deleted{})...)...)...)
	require.Empty(t, kinds(g), "nobody reads about it any more")
}

// R27, R64: of a post to an account they are told alone who have it; who has it no
// more reads nothing of what they were told, and has nothing left to read.
func TestNotificationsAboutPosts(t *testing.T) {
	t.Parallel()
	gated := planned
	gated.Gates, gated.Asked = map[domain.AccountID][]post.Gate{news: {post.ClientGate}}, []domain.UserID{carl}
	log := append(inAcme(founded, newsAdded, blogAdded, invited(first), accepted(first)), onHello(composed, gated)...)
	unread := func(g storytest.Told) int64 {
		found, err := New(g.Under(eventstore.RoleAPI), nil).Unread(t.Context(), eventstore.Scope{User: carl}, 0)
		require.NoError(t, err)
		return found.Value
	}
	g := given(t, record(log...)...)
	seen := forCarl(t, g)
	require.Equal(t, notice.PostWaiting, seen[0].Kind)
	require.Equal(t, "A post to “Acme News” in “Acme” waits for your approval.", said(seen[0]))
	n, _ := seen[0].Notice(carl)
	require.Equal(t, []domain.PostID{hello}, n.Details.Posts)
	require.EqualValues(t, 3, unread(g))

	g = given(t, record(append(log, inAcme(workspace.AccountUnassigned{Member: carl, Account: news})...)...)...)
	for _, one := range forCarl(t, g) {
		require.False(t, one.Kind.IsAboutPost())
	}
	require.EqualValues(t, 3, unread(g), "that he lost the account he is told instead")
	g = given(t, record(append(log, inAcme(workspace.MemberRemoved{Member: carl})...)...)...)
	require.EqualValues(t, 1, unread(g))
}
