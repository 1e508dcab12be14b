package care_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/vault"
	"behalf/workers/workerstest"
)

// A connection that is stored, and not named by an event yet, is looked after
// once it is; one that is not named for an hour is left alone.
func TestStoredAndNotNamedYet(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	held, secret, err := w.Vault.Open(w.Ctx, w.ConnectionOf(w.Olivia))
	require.NoError(t, err)
	stored := func() vault.Connection {
		next := held
		next.ID, next.Refreshable = eventstore.Fresh(), true
		require.NoError(t, w.Vault.Store(w.Ctx, next, vault.NewSecret(append([]byte(nil), secret.Reveal()...))))
		return next
	}
	ended := func(c vault.Connection) (ended bool) {
		require.NoError(t, w.Pool.QueryRow(w.Ctx, "select ended_at is not null from vault.care where connection_id = $1", [16]byte(c.ID)).Scan(&ended))
		return ended
	}
	_, err = w.Pool.Exec(w.Ctx, "update vault.care set ended_at = now()") // the first one's token is theirs, too
	require.NoError(t, err)
	named, never := stored(), stored()
	round(w, 9*time.Minute)
	require.False(t, ended(named))
	require.Equal(t, 1, generationOf(t, w, named.ID), "nobody's yet")
	w.As(w.Olivia, &account.ConnectAccount{
		Authorization: "test", Remote: networktest.Page, Account: w.Account,
		Verified: account.Access{Network: sandbox.Name, Remote: networktest.Page, Name: "Acme News", Connection: named.ID},
	})
	require.NoError(t, w.Vault.Destroy(w.Ctx, held.ID))
	round(w, 20*time.Minute)
	round(w, 70*time.Minute)
	require.False(t, ended(named))
	require.Greater(t, generationOf(t, w, named.ID), 1, "refreshed ahead")
	require.True(t, ended(never))
}
