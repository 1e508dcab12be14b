package projections

import (
	"testing"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/notice"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"

	"github.com/stretchr/testify/require"
)

// forCarl is what Carl is told, by his own eyes.
func forCarl(t *testing.T, g told) []Notification {
	t.Helper()
	found, err := NewReader(under(t, g.tables, eventstore.RoleAPI), nil).
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
	require.Equal(t, "The account “Acme News” in “Acme” needs to be connected.", said(seen[0]))

	g = given(t, record(inAcme(append(joined, workspace.MemberRemoved{Member: carl}, renamed)...)...)...)
	seen = forCarl(t, g)
	require.Len(t, seen, 1)
	require.Equal(t, "You are no longer a member of “Acme”.", said(seen[0]))
}

// Nobody reads what others are told, whatever the query says (R32).
func TestNotificationsAreOnesOwn(t *testing.T) {
	t.Parallel()
	g := given(t, record(inAcme(founded, newsAdded, invited(first))...)...)
	pool := under(t, g.tables, eventstore.RoleAPI)
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

// R66: of who was erased there is nothing left to be told.
func TestErasedAreToldNothing(t *testing.T) {
	t.Parallel()
	log := inAcme(founded, newsAdded, invited(first), accepted(first))
	g := given(t, record(append(log, domain.On(user.Stream(carl), user.PasswordChanged{}, user.Erased{})...)...)...)
	then(g, notifications)
}

// What is switched off is neither shown nor counted; what was read is read, by
// itself or with everything before it.
func TestReadAndUnwanted(t *testing.T) {
	t.Parallel()
	g := given(t, record(inAcme(founded, newsAdded, invited(first), accepted(first),
		workspace.CredentialModeChanged{Member: carl, Account: news, From: workspace.OwnerMode, To: workspace.MemberMode})...)...)
	reader := NewReader(under(t, g.tables, eventstore.RoleAPI), nil)
	scope := eventstore.Scope{User: carl}
	unread := func() int64 {
		found, err := reader.Unread(t.Context(), scope, 0)
		require.NoError(t, err)
		return found.Value
	}
	do := func(statement string, parameters ...any) {
		_, err := g.tables.Exec(t.Context(), statement, parameters...)
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
