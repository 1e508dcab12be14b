package vault_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/internal/masterkey"
	"behalf/internal/testkit"
	"behalf/internal/vault"
)

func nothing(int64, int64) {}

// connections is the drawer of connections alone.
var connections = []vault.Drawer{vault.Connections}

// checked looks at the connections, as who owns the database.
func checked(t *testing.T, admin *pgxpool.Pool) (vault.Checked, int) {
	t.Helper()
	found, keys, err := open(t, as(t, admin, "behalf_owner", 2)).Check(t.Context(), connections, nothing)
	require.NoError(t, err)
	require.Len(t, found, 1)
	return found[0], keys
}

// reencrypt seals the connections anew, as who owns the database.
func reencrypt(t *testing.T, admin *pgxpool.Pool, progress vault.Progress) vault.Reencrypted {
	t.Helper()
	done, err := open(t, as(t, admin, "behalf_owner", 4)).Reencrypt(t.Context(), connections, progress)
	require.NoError(t, err)
	require.Len(t, done, 1)
	return done[0]
}

// opens fails unless the vault opens the connection to this secret.
func opens(t *testing.T, v *vault.Vault, id domain.ConnectionID, want string) {
	t.Helper()
	_, got, err := v.Open(t.Context(), id)
	require.NoError(t, err)
	require.True(t, got.Equal(secret(want)))
}

// A new key seals what comes, older ones open what they sealed; who was running
// meets the new key in a row, and knows it then.
func TestRotate(t *testing.T) {
	t.Parallel()
	admin := testkit.Postgres(t)
	owner := as(t, admin, "behalf_owner", 2)
	running := open(t, as(t, admin, "behalf_engine", 4))
	before, after := connection(), connection()
	require.NoError(t, running.Store(t.Context(), before, secret("before")))
	for count := 2; count < 4; count++ {
		keys, err := vault.Rotate(t.Context(), owner, vault.Keys{Master: vault.NewSecret(master)})
		require.NoError(t, err)
		require.Equal(t, count, keys)
	}
	fresh := open(t, as(t, admin, "behalf_engine", 4))
	require.NoError(t, fresh.Store(t.Context(), after, secret("after")))
	opens(t, running, after.ID, "after")
	opens(t, fresh, before.ID, "before")

	found, keys := checked(t, admin)
	require.Equal(t, vault.Checked{Holds: "connections", Opened: 2, Older: 1}, found)
	require.Equal(t, 3, keys)
	var done, all int64
	require.Equal(t, vault.Reencrypted{Holds: "connections", Sealed: 1}, reencrypt(t, admin, func(d, a int64) { done, all = d, a }))
	require.Equal(t, []int64{1, 1}, []int64{done, all})
	opens(t, running, before.ID, "before")
	require.Equal(t, vault.Reencrypted{Holds: "connections"}, reencrypt(t, admin, nothing), "there is nothing left to do")
	found, _ = checked(t, admin)
	require.Equal(t, vault.Checked{Holds: "connections", Opened: 2}, found)
}

// Only the owner changes the keyset.
func TestRotateNeedsTheOwner(t *testing.T) {
	t.Parallel()
	admin := testkit.Postgres(t)
	open(t, admin)
	for _, role := range []string{"behalf_api", "behalf_engine"} {
		_, err := vault.Rotate(t.Context(), as(t, admin, role, 2), vault.Keys{Master: vault.NewSecret(master)})
		require.ErrorContains(t, err, "permission denied", role)
	}
}

// Refreshing and storing beside it: every connection ends with its own newest
// secret, sealed by the newest key.
func TestReencryptBesideOthers(t *testing.T) {
	t.Parallel()
	admin := testkit.Postgres(t)
	running := open(t, as(t, admin, "behalf_engine", 8))
	all := make([]vault.Connection, 30)
	for i := range all {
		all[i] = connection()
		require.NoError(t, running.Store(t.Context(), all[i], secret("first")))
	}
	_, err := vault.Rotate(t.Context(), as(t, admin, "behalf_owner", 2), vault.Keys{Master: vault.NewSecret(master)})
	require.NoError(t, err)
	var group sync.WaitGroup
	for i, c := range all {
		group.Go(func() {
			if i%3 == 0 {
				_, err := running.Update(context.WithoutCancel(t.Context()), c.ID, func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
					return secret("second"), time.Time{}, nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 3 { // as a person would who is told that some are left
		require.Empty(t, reencrypt(t, admin, nothing).Broken)
	}
	group.Wait()
	require.Zero(t, reencrypt(t, admin, nothing).Left)
	for i, c := range all {
		want := "first"
		if i%3 == 0 {
			want = "second"
		}
		opens(t, running, c.ID, want)
	}
	found, _ := checked(t, admin)
	require.Equal(t, vault.Checked{Holds: "connections", Opened: 30}, found)
}

// What does not open stays as it is and is named; the rest is sealed anew.
func TestReencryptWhatIsBroken(t *testing.T) {
	t.Parallel()
	admin := testkit.Postgres(t)
	v := open(t, as(t, admin, "behalf_engine", 4))
	good, bad := connection(), connection()
	require.NoError(t, v.Store(t.Context(), good, secret("good")))
	require.NoError(t, v.Store(t.Context(), bad, secret("bad")))
	exec(t, admin, `update vault.connections set network = 'elsewhere' where id = $1`, [16]byte(bad.ID))
	_, err := vault.Rotate(t.Context(), as(t, admin, "behalf_owner", 2), vault.Keys{Master: vault.NewSecret(master)})
	require.NoError(t, err)
	require.Equal(t, vault.Reencrypted{Holds: "connections", Sealed: 1, Broken: []string{bad.ID.String()}}, reencrypt(t, admin, nothing))
	found, _ := checked(t, admin)
	require.Equal(t, vault.Checked{Holds: "connections", Opened: 1, Broken: []string{bad.ID.String()}}, found)
}

// What wraps the keyset is exchanged: the new key with the old one beside it
// opens it before, the new one alone after; the old one no longer.
func TestRewrap(t *testing.T) {
	t.Parallel()
	admin := testkit.Postgres(t)
	owner := as(t, admin, "behalf_owner", 2)
	first, second := secret(strings.Repeat("1", 32)), secret(strings.Repeat("2", 32))
	c := connection()
	require.NoError(t, open(t, admin).Store(t.Context(), c, secret("token")))
	opened := func(keys vault.Keys) error {
		v, err := vault.Open(t.Context(), admin, keys)
		if err == nil {
			opens(t, v, c.ID, "token")
		}
		return err
	}
	require.NoError(t, opened(vault.Keys{Master: vault.NewSecret(master), Wrapping: first}), "the master key has wrapped it so far")
	require.NoError(t, vault.Rewrap(t.Context(), owner, vault.Keys{Master: vault.NewSecret(master), Wrapping: first}))
	require.ErrorIs(t, opened(vault.Keys{Master: vault.NewSecret(master)}), masterkey.ErrUnusable)
	require.NoError(t, opened(vault.Keys{Master: vault.NewSecret(master), Wrapping: second, Old: first}))
	require.NoError(t, vault.Rewrap(t.Context(), owner, vault.Keys{Master: vault.NewSecret(master), Wrapping: second, Old: first}))
	require.NoError(t, opened(vault.Keys{Master: vault.NewSecret(master), Wrapping: second}))
	err := opened(vault.Keys{Master: vault.NewSecret(master), Wrapping: first})
	require.ErrorIs(t, err, masterkey.ErrUnusable)
	require.NotContains(t, err.Error(), "11111")
	require.ErrorIs(t, vault.Rewrap(t.Context(), owner, vault.Keys{Master: vault.NewSecret(master)}), masterkey.ErrUnusable)
	require.ErrorIs(t, opened(vault.Keys{}), masterkey.ErrUnusable)
}
