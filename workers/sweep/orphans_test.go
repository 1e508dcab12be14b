package sweep_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/vault"
	"behalf/projections"
	"behalf/workers/workerstest"
)

// What is stored and named by no event for an hour is destroyed: what was never
// connected, and what was replaced. What is in use stays, and so does what is
// younger, whose event may be on its way.
func TestOrphans(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	replaced := w.ConnectionOf(w.Olivia)
	w.Connect(w.Olivia)
	used, never := w.ConnectionOf(w.Olivia), domain.ConnectionID(eventstore.Fresh())
	require.NoError(t, w.Vault.Store(w.Ctx, vault.Connection{
		ID: never, Workspace: w.Workspace, Account: w.Account, Holder: w.Carl, Kind: "oauth2", Network: "sandbox",
	}, vault.NewSecret([]byte("a secret that nothing names"))))
	w.CaughtUp(projections.Accounts.Group())
	there := func() (ids []domain.ConnectionID) {
		stored, err := w.Vault.List(w.Ctx, domain.ConnectionID{}, 10)
		require.NoError(t, err)
		for _, c := range stored {
			ids = append(ids, c.ID)
		}
		return ids
	}

	young, _ := newSweeper(w, time.Now().Add(59*time.Minute), time.Minute)
	require.NoError(t, young.Sweep(w.Ctx))
	require.ElementsMatch(t, []domain.ConnectionID{replaced, used, never}, there())

	old, _ := newSweeper(w, time.Now().Add(61*time.Minute), time.Minute)
	require.NoError(t, old.Sweep(w.Ctx))
	require.Equal(t, []domain.ConnectionID{used}, there())
}
