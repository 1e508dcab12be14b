package vault_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/internal/vault"
)

func TestStoreAndOpen(t *testing.T) {
	t.Parallel()
	api, engine, _ := rooms(t)
	c := connection()
	c.ExpiresAt = time.Now().Add(time.Hour).Truncate(time.Microsecond)
	require.NoError(t, api.Store(t.Context(), c, secret("first")))

	got, opened, err := engine.Open(t.Context(), c.ID)
	require.NoError(t, err)
	require.True(t, opened.Equal(secret("first")))
	require.True(t, got.ExpiresAt.Equal(c.ExpiresAt))
	require.EqualValues(t, 1, got.Generation)
	got.ExpiresAt, got.Generation, got.CreatedAt, got.UpdatedAt = c.ExpiresAt, 0, time.Time{}, time.Time{}
	require.Equal(t, c, got)

	c.ExpiresAt = time.Time{}
	require.NoError(t, api.Store(t.Context(), c, secret("authorized again")))
	got, opened, err = engine.Open(t.Context(), c.ID)
	require.NoError(t, err)
	require.True(t, opened.Equal(secret("authorized again")))
	require.True(t, got.ExpiresAt.IsZero(), "never expires")
	require.EqualValues(t, 2, got.Generation)
}

func TestStoreRefuses(t *testing.T) {
	t.Parallel()
	api, engine, _ := rooms(t)
	c := connection()
	require.NoError(t, api.Store(t.Context(), c, secret("first")))
	require.ErrorIs(t, api.Store(t.Context(), c, vault.Secret{}), vault.ErrEmptySecret)
	for name, change := range map[string]func(*vault.Connection){
		"account": func(c *vault.Connection) { c.Account = connection().Account },
		"holder":  func(c *vault.Connection) { c.Holder = connection().Holder },
		"kind":    func(c *vault.Connection) { c.Kind = "app_password" },
		"network": func(c *vault.Connection) { c.Network = "mastodon" },
	} {
		other := c
		change(&other)
		require.ErrorIs(t, api.Store(t.Context(), other, secret("second")), vault.ErrBound, name)
	}
	elsewhere := c
	elsewhere.Workspace = connection().Workspace
	require.Error(t, api.Store(t.Context(), elsewhere, secret("second")), "another workspace's row is out of reach")
	require.ErrorIs(t, engine.Store(t.Context(), elsewhere, secret("second")), vault.ErrBound)

	_, opened, err := engine.Open(t.Context(), c.ID)
	require.NoError(t, err)
	require.True(t, opened.Equal(secret("first")), "what was refused changed nothing")
}

func TestTamperedRowsDoNotOpen(t *testing.T) {
	t.Parallel()
	another := connection()
	for name, change := range map[string]string{
		"workspace":  `update vault.connections set workspace_id = $2 where id = $1`,
		"account":    `update vault.connections set account_id = $2 where id = $1`,
		"holder":     `update vault.connections set holder_id = $2 where id = $1`,
		"kind":       `update vault.connections set kind = $2::uuid::text where id = $1`,
		"network":    `update vault.connections set network = $2::uuid::text where id = $1`,
		"one bit":    `update vault.connections set sealed = set_bit(sealed, 200, 1 - get_bit(sealed, 200)) where id = $1 and id <> $2`,
		"cut short":  `update vault.connections set sealed = substr(sealed, 1, 20) where id = $1 and id <> $2`,
		"moved to":   `update vault.connections set sealed = (select sealed from vault.connections where id = $2) where id = $1`,
		"moved from": `update vault.connections set id = $2 where id = $1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, engine, admin := rooms(t)
			c := connection()
			require.NoError(t, engine.Store(t.Context(), c, secret(planted)))
			at := c.ID
			if name == "moved from" {
				at = another.ID
			} else {
				require.NoError(t, engine.Store(t.Context(), another, secret("another")))
			}
			exec(t, admin, change, [16]byte(c.ID), [16]byte(another.ID))

			_, opened, err := engine.Open(t.Context(), at)
			require.ErrorIs(t, err, vault.ErrTampered)
			require.True(t, opened.IsEmpty())
			leaks(t, err.Error())
			_, err = engine.Update(t.Context(), at, neverExchanged(t))
			require.ErrorIs(t, err, vault.ErrTampered)
		})
	}
}

func TestDestroy(t *testing.T) {
	t.Parallel()
	_, engine, _ := rooms(t)
	leaving, stays := connection(), connection()
	for _, c := range []vault.Connection{leaving, stays} {
		require.NoError(t, engine.Store(t.Context(), c, secret("token")))
	}
	require.NoError(t, engine.Destroy(t.Context(), leaving.ID))
	require.NoError(t, engine.Destroy(t.Context(), leaving.ID), "gone already is as good")
	_, _, err := engine.Open(t.Context(), leaving.ID)
	require.ErrorIs(t, err, vault.ErrNotFound)
	require.Equal(t, []domain.ConnectionID{stays.ID}, listed(t, engine))
}

// listed pages through all connections, two at a time.
func listed(t *testing.T, v *vault.Vault) (ids []domain.ConnectionID) {
	t.Helper()
	var after domain.ConnectionID
	for {
		page, err := v.List(t.Context(), after, 2)
		require.NoError(t, err)
		if len(page) == 0 {
			return ids
		}
		for _, c := range page {
			ids = append(ids, c.ID)
		}
		after = ids[len(ids)-1]
	}
}

func TestListPages(t *testing.T) {
	t.Parallel()
	_, engine, _ := rooms(t)
	require.Empty(t, listed(t, engine))
	var stored []domain.ConnectionID
	for range 5 {
		c := connection() // UUIDv7: made in the order of their ids
		require.NoError(t, engine.Store(t.Context(), c, secret("token")))
		stored = append(stored, c.ID)
	}
	require.Equal(t, stored, listed(t, engine))
}

func TestTheAPICannotReadSecretsBack(t *testing.T) {
	t.Parallel()
	api, _, admin := rooms(t)
	pool := as(t, admin, "behalf_api", 2)
	c := connection()
	require.NoError(t, api.Store(t.Context(), c, secret(planted)))

	_, _, err := api.Open(t.Context(), c.ID)
	require.True(t, denied(err), "open: %v", err)
	require.True(t, denied(api.Destroy(t.Context(), c.ID)))
	_, err = api.Update(t.Context(), c.ID, neverExchanged(t))
	require.True(t, denied(err), "update: %v", err)
	_, err = pool.Exec(t.Context(), `update vault.connections set holder_id = id`)
	require.True(t, denied(err), "change the holder: %v", err)
	_, err = pool.Exec(t.Context(), `delete from vault.keysets`)
	require.True(t, denied(err), "delete the keyset: %v", err)

	seen, err := api.List(t.Context(), domain.ConnectionID{}, 10)
	require.NoError(t, err)
	require.Empty(t, seen, "without a workspace there are no rows")
	for workspace, rows := range map[[16]byte]int{c.Workspace: 1, uuid.New(): 0} {
		tx, err := pool.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), `select set_config('behalf.workspace', $1::uuid::text, true)`, workspace)
		require.NoError(t, err)
		var count int
		require.NoError(t, tx.QueryRow(t.Context(), `select count(id) from vault.connections`).Scan(&count))
		require.Equal(t, rows, count)
		require.NoError(t, tx.Rollback(t.Context()))
	}
}

func denied(err error) bool {
	var answer *pgconn.PgError
	return errors.As(err, &answer) && answer.Code == "42501" // insufficient_privilege
}
