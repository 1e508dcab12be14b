package care_test

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/projections"
	"behalf/projections/work"
	"behalf/workers/care"
	"behalf/workers/departure"
	"behalf/workers/lend"
	"behalf/workers/workerstest"

	"github.com/stretchr/testify/require"
)

// keeper works at a moment that the test chooses.
func keeper(w *workerstest.World, in time.Duration) *care.Keeper {
	return care.New(care.Deps{
		Store: w.Store, Vault: w.Vault, Work: work.NewReader(w.Pool), Networks: w.Networks, Logger: w.Logger(),
		Now: func() time.Time { return time.Now().Add(in) },
	})
}

// round lets a keeper do what is due then, by views that know everything.
func round(w *workerstest.World, in time.Duration) {
	w.Helper()
	for _, one := range []projections.View{projections.Accounts, projections.Members} {
		w.CaughtUp(one.Group())
	}
	require.NoError(w, keeper(w, in).Round(w.Ctx))
}

func count(w *workerstest.World, query string) (n int) {
	w.Helper()
	require.NoError(w, w.Pool.QueryRow(w.Ctx, query).Scan(&n))
	return n
}

// R37, R44: a right that was lost is told to the one who can mend it, once,
// before anything fails.
func TestLostRightIsFoundDaily(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	round(w, 0)
	require.Zero(t, count(w, "select count(*) from vault.care where checked_at is not null"), "just connected")
	round(w, 27*time.Hour)
	require.Empty(t, w.Outages())
	require.Equal(t, 1, count(w, "select count(*) from vault.care where checked_at is not null and offered is not null"))

	require.NoError(t, w.Sandbox.RemoveAdmin(w.Ctx, networktest.Page, "olivia"))
	for range 2 {
		round(w, 54*time.Hour)
	}
	require.Len(t, w.Outages(), 1)
	require.Equal(t, w.Olivia, w.Outages()[0].Holder)
	require.Equal(t, "not_admin", w.Outages()[0].Code)
}

// R45: a network that cannot answer is asked again, and nobody is bothered.
func TestNetworkAwayIsNoDeath(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	for _, kind := range []control.Kind{control.FailBefore, control.RateLimited, control.FailAfter} {
		w.Arm(control.Fault{Call: control.Read, Kind: kind})
		round(w, 30*time.Hour)
		require.NoError(t, w.Sandbox.Clear(w.Ctx))
		require.Empty(t, w.Outages(), kind)
		require.Zero(t, count(w, "select count(*) from vault.care where checked_at is not null"))
		_, err := w.Pool.Exec(w.Ctx, "update vault.care set check_due = now()")
		require.NoError(t, err)
	}
	round(w, time.Minute)
	require.Equal(t, 1, count(w, "select count(*) from vault.care where checked_at is not null"))
}

// Tokens are refreshed before they expire, and an authorization that the
// network has ended is asked for once.
func TestRefreshAhead(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	round(w, time.Minute)
	require.Zero(t, count(w, "select count(*) from vault.care where refreshed_at is not null"), "it lasts ten minutes")
	round(w, 9*time.Minute)
	require.Equal(t, 1, count(w, "select count(*) from vault.care where refreshed_at is not null"))
	require.Equal(t, 2, count(w, "select generation::int from vault.connections"))

	require.NoError(t, w.Sandbox.Revoke(w.Ctx, "olivia"))
	round(w, 20*time.Minute)
	round(w, 25*time.Minute)
	require.Len(t, w.Outages(), 1)
	require.Equal(t, "invalid_grant", w.Outages()[0].Code)
}

// A process that dies after the network rotated the token and before it was
// stored loses it: the next refresh is refused, and the holder asked, once.
func TestCrashBetweenRefreshAndStore(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.ConnectionOf(w.Olivia)
	connector, err := w.Networks.Connector(sandbox.Name)
	require.NoError(t, err)
	_, err = w.Vault.Update(w.Ctx, id, lost(lend.Exchange(connector)))
	require.ErrorIs(t, err, errDied)
	require.Empty(t, w.Outages())
	for range 2 {
		round(w, 9*time.Minute)
	}
	require.Len(t, w.Outages(), 1)
}

// R46: what an authorization lacks that replaces another one is taken over.
func TestInherit(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	old := w.ConnectionOf(w.Olivia)
	w.Connect(w.Olivia)
	heir := w.ConnectionOf(w.Olivia)
	strip(w, heir)
	_, err := w.Pool.Exec(w.Ctx, "update vault.connections set predecessor = $2 where id = $1", [16]byte(heir), [16]byte(old))
	require.NoError(t, err)
	want := tokens(w, old).RefreshToken.Reveal()
	access := tokens(w, heir).AccessToken.Reveal()
	require.True(t, tokens(w, heir).RefreshToken.IsZero())

	round(w, 0)
	require.Equal(t, want, tokens(w, heir).RefreshToken.Reveal())
	require.Equal(t, access, tokens(w, heir).AccessToken.Reveal(), "what it has stays its own")
	require.Equal(t, 1, count(w, "select count(*) from vault.care as c join vault.connections as k on k.id = c.connection_id where k.predecessor is null and c.refreshable and k.id = '"+uuidOf(heir)+"'"))
}

// Whoever was asked is reminded after 1, 3 and 7 days, until it is mended.
func TestReminders(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.AsSystem(&account.RecordReauthenticationNeeded{
		Account: w.Account, Holder: w.Olivia, Connection: w.ConnectionOf(w.Olivia), Code: "expired", Detail: "It has expired.",
	})
	for _, in := range []time.Duration{0, 23 * time.Hour, 25 * time.Hour, 25 * time.Hour, 2 * day, 4 * day, 6 * day, 8 * day, 30 * day} {
		round(w, in)
	}
	require.Equal(t, []int{1, 3, 7}, reminders(w))

	w.Connect(w.Olivia)
	w.AsSystem(&account.RecordReauthenticationNeeded{
		Account: w.Account, Holder: w.Olivia, Connection: w.ConnectionOf(w.Olivia), Code: "expired", Detail: "It has expired.",
	})
	w.Connect(w.Olivia)
	round(w, 10*day)
	require.Equal(t, []int{1, 3, 7}, reminders(w), "it was mended")
}

// Whom the network knows may come to be said otherwise than when it was connected.
func TestPersonIsNotedDaily(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	_, err := w.Pool.Exec(w.Ctx, "update vault.connections set person = '1'")
	require.NoError(t, err)
	round(w, 27*time.Hour)
	require.Equal(t, 1, count(w, "select count(*) from vault.connections where person = 'olivia'"))
}

func settle(w *workerstest.World) {
	w.Helper()
	for range 2 {
		for _, one := range []projections.View{projections.Posts, projections.Accounts, projections.Members, projections.Invitations} {
			w.CaughtUp(one.Group())
		}
		require.NoError(w, departure.New(departure.Deps{
			Pool: w.Pool, Store: w.Store, Work: work.NewReader(w.Pool), Vault: keeper(w, 0), Keys: w.Persons, Logger: w.Logger(), Now: time.Now,
		}).Settle(w.Ctx))
	}
}

func reminders(w *workerstest.World) (days []int) {
	w.Helper()
	for _, event := range workerstest.On[account.HolderReminded](w, account.Stream(w.Account)) {
		days = append(days, event.Days)
	}
	return days
}

func uuidOf(id domain.ConnectionID) string {
	text := id.String()
	return text[len(text)-32:]
}
