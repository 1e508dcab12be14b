package care_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/internal/vault"
	"behalf/workers/workerstest"
)

// succeed makes one connection take another one's place.
func succeed(w *workerstest.World, heir, old domain.ConnectionID) {
	w.Helper()
	_, err := w.Pool.Exec(w.Ctx, "update vault.connections set predecessor = $2 where id = $1", [16]byte(heir), [16]byte(old))
	require.NoError(w, err)
}

// cared answers whether a connection is known to be refreshable, and whether it
// has still something to take over.
func cared(w *workerstest.World, id domain.ConnectionID) (refreshable, heir bool) {
	w.Helper()
	require.NoError(w, w.Pool.QueryRow(w.Ctx, `
		select c.refreshable, k.predecessor is not null
		from vault.care as c
		join vault.connections as k on k.id = c.connection_id
		where k.id = $1`, [16]byte(id)).Scan(&refreshable, &heir))
	return refreshable, heir
}

// R45: a connection whose predecessor is gone or cannot be read keeps what it
// has itself, and goes on being refreshed ahead.
func TestNothingToInherit(t *testing.T) {
	t.Parallel()
	for name, ruin := range map[string]func(*workerstest.World, domain.ConnectionID) error{
		"gone": func(w *workerstest.World, old domain.ConnectionID) error { return w.Vault.Destroy(w.Ctx, old) },
		"tampered with": func(w *workerstest.World, old domain.ConnectionID) error {
			_, err := w.Pool.Exec(w.Ctx, "update vault.connections set sealed = substr(sealed, 1, 20) where id = $1", [16]byte(old))
			return err
		},
		"no credential": func(w *workerstest.World, old domain.ConnectionID) error {
			_, err := w.Vault.Update(w.Ctx, old, func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
				return vault.NewSecret([]byte("no credential")), time.Time{}, nil
			})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			old := w.ConnectionOf(w.Olivia)
			w.Connect(w.Olivia)
			heir := w.ConnectionOf(w.Olivia)
			succeed(w, heir, old)
			require.NoError(t, ruin(w, old))
			want := tokens(w, heir)

			round(w, 0)
			refreshable, waits := cared(w, heir)
			require.True(t, refreshable)
			require.False(t, waits)
			require.Equal(t, want, tokens(w, heir))
			round(w, 9*time.Minute)
			require.NotEqual(t, want.AccessToken.Reveal(), tokens(w, heir).AccessToken.Reveal(), "refreshed ahead")
			require.Empty(t, w.Outages())
		})
	}
}

// R46: of two connections that are not one person's, here and at the network,
// none takes anything over.
func TestNothingIsInheritedFromOthers(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]string{
		"at the network": "update vault.connections set person = 'somebody else' where id = $1",
		"here":           "", // Carl's
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.MemberMode)
			old := w.ConnectionOf(w.Olivia)
			if other == "" {
				w.Connect(w.Carl)
				old = w.ConnectionOf(w.Carl)
			} else {
				_, err := w.Pool.Exec(w.Ctx, other, [16]byte(old))
				require.NoError(t, err)
			}
			w.Connect(w.Olivia)
			heir := w.ConnectionOf(w.Olivia)
			strip(w, heir)
			succeed(w, heir, old)
			round(w, 0)
			require.True(t, tokens(w, heir).RefreshToken.IsZero())
			refreshable, waits := cared(w, heir)
			require.False(t, refreshable)
			require.False(t, waits)
		})
	}
}

// Whoever connects twice within a round keeps the refresh token that only the
// first authorization came with.
func TestInheritAlongAChain(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	chain := []domain.ConnectionID{w.ConnectionOf(w.Olivia)}
	for range 2 {
		w.Connect(w.Olivia)
		next := w.ConnectionOf(w.Olivia)
		strip(w, next)
		succeed(w, next, chain[len(chain)-1])
		chain = append(chain, next)
	}
	want := tokens(w, chain[0]).RefreshToken.Reveal()
	for range 2 {
		round(w, 0)
	}
	require.Equal(t, want, tokens(w, chain[2]).RefreshToken.Reveal())
}
