package care_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/internal/masterkey"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/vault"
	"behalf/workers/lend"
	"behalf/workers/workerstest"
)

var errDied = errors.New("the process died")

// lost lets the network rotate the token, and nobody hear of it.
func lost(exchange vault.Exchange) vault.Exchange {
	return func(ctx context.Context, current vault.Secret) (vault.Secret, time.Time, error) {
		if _, _, err := exchange(ctx, current); err != nil {
			return vault.Secret{}, time.Time{}, err
		}
		return vault.Secret{}, time.Time{}, errDied
	}
}

func tokens(w *workerstest.World, id domain.ConnectionID) networks.OAuth2 {
	w.Helper()
	_, secret, err := w.Vault.Open(w.Context(), id)
	require.NoError(w, err)
	credential, err := networks.OpenCredential(secret.Reveal())
	require.NoError(w, err)
	opened, ok := credential.OAuth2()
	require.True(w, ok)
	return opened
}

// strip takes the refresh token away, as if the network had given none.
func strip(w *workerstest.World, id domain.ConnectionID) {
	w.Helper()
	_, err := w.Vault.Update(w.Context(), id, func(_ context.Context, current vault.Secret) (vault.Secret, time.Time, error) {
		credential, err := networks.OpenCredential(current.Reveal())
		require.NoError(w, err)
		held, _ := credential.OAuth2()
		held.RefreshToken = networks.Secret{}
		sealed, err := networks.NewOAuth2(held).Seal()
		return vault.NewSecret(sealed), held.Expiry, err
	})
	require.NoError(w, err)
	_, err = w.Pool.Exec(w.Context(), "update vault.care set refreshable = false where connection_id = $1", [16]byte(id))
	require.NoError(w, err)
}

// rotate has two workers, each with a vault of its own, refresh one token in
// turns. The network revokes the whole family when a refresh token comes twice.
func rotate(t *testing.T, times int) {
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.ConnectionOf(w.Olivia)
	connector, err := w.Networks.Connector(sandbox.Name)
	require.NoError(t, err)
	other, err := vault.New(w.Context(), w.Pool, make([]byte, masterkey.Size))
	require.NoError(t, err)
	always := time.Now().Add(365 * 24 * time.Hour) // nothing lasts that long
	var failed [2]error
	var working sync.WaitGroup
	for i, one := range []*vault.Vault{w.Vault, other} {
		working.Go(func() {
			for range times / 2 {
				secret, err := one.Refresh(context.WithoutCancel(w.Context()), id, always, lend.Exchange(connector))
				secret.Wipe()
				failed[i] = errors.Join(failed[i], err)
			}
		})
	}
	working.Wait()
	require.NoError(t, errors.Join(failed[:]...))
	require.Equal(t, times+1, generationOf(t, w, id), "each refresh was stored")
	last := networks.NewOAuth2(tokens(w, id))
	_, err = connector.VerifyAccess(t.Context(), networks.Session{Credential: last, Account: networktest.Page})
	require.NoError(t, err, "the last token is the living one")
	_, err = connector.Refresh(t.Context(), last)
	require.NoError(t, err, "and so is its family")
}

func generationOf(t *testing.T, w *workerstest.World, id domain.ConnectionID) (generation int) {
	t.Helper()
	require.NoError(t, w.Pool.QueryRow(t.Context(), "select generation from vault.connections where id = $1", [16]byte(id)).Scan(&generation))
	return generation
}

func TestTwoWorkersRotateOneToken(t *testing.T) {
	t.Parallel()
	rotate(t, 100)
}
