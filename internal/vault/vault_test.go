package vault_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/internal/masterkey"
	"behalf/internal/testkit"
	"behalf/internal/vault"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var master = []byte("0123456789abcdef0123456789abcdef")

// as opens another pool on the database, in which every connection takes the role.
func as(t *testing.T, pool *pgxpool.Pool, role string, size int32) *pgxpool.Pool {
	t.Helper()
	config := pool.Config()
	config.MaxConns = size
	config.ConnConfig.RuntimeParams["role"] = role
	opened, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(opened.Close)
	return opened
}

func open(t *testing.T, pool *pgxpool.Pool) *vault.Vault {
	t.Helper()
	v, err := vault.New(t.Context(), pool, master)
	require.NoError(t, err)
	return v
}

// rooms returns one database's vault as the API has it, as the engine has it,
// and the database for whoever may do anything.
func rooms(t *testing.T) (api, engine *vault.Vault, admin *pgxpool.Pool) {
	t.Helper()
	admin = testkit.Postgres(t)
	return open(t, as(t, admin, "behalf_api", 4)), open(t, as(t, admin, "behalf_engine", 4)), admin
}

func connection() vault.Connection {
	return vault.Connection{
		ID:        domain.ConnectionID(uuid.Must(uuid.NewV7())),
		Workspace: domain.WorkspaceID(uuid.Must(uuid.NewV7())),
		Account:   domain.AccountID(uuid.Must(uuid.NewV7())),
		Holder:    domain.UserID(uuid.Must(uuid.NewV7())),
		Kind:      "oauth2",
		Network:   "sandbox",
	}
}

func secret(text string) vault.Secret { return vault.NewSecret([]byte(text)) }

func exec(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	tag, err := pool.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
	require.NotZero(t, tag.RowsAffected(), "the statement met no row")
}

func TestNewMakesOneKeysetForAll(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	c := connection()
	vaults := make([]*vault.Vault, 8)
	var group sync.WaitGroup
	for i := range vaults {
		group.Go(func() { vaults[i], _ = vault.New(context.WithoutCancel(t.Context()), pool, master) })
	}
	group.Wait()
	require.NotContains(t, vaults, (*vault.Vault)(nil))
	require.NoError(t, vaults[0].Store(t.Context(), c, secret("token")))
	for _, v := range vaults {
		_, got, err := v.Open(t.Context(), c.ID)
		require.NoError(t, err)
		require.True(t, got.Equal(secret("token")))
	}
}

func TestNewRefusesAnotherMasterKey(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	open(t, pool)

	_, err := vault.New(t.Context(), pool, []byte("another one, of the same length!"))
	require.ErrorIs(t, err, masterkey.ErrUnusable)
	_, err = vault.New(t.Context(), pool, []byte("too short"))
	require.ErrorIs(t, err, masterkey.ErrUnusable)
	require.NotContains(t, err.Error(), "too short")
}

func TestSweep(t *testing.T) {
	t.Parallel()
	api, engine, admin := rooms(t)
	c := connection()
	a := vault.Authorization{Workspace: c.Workspace, User: c.Holder, Session: []byte("hash of a session"), Network: "sandbox"}
	g := vault.Grant{Workspace: c.Workspace, User: c.Holder, Network: "sandbox"}
	require.NoError(t, api.BeginAuthorization(t.Context(), "late", a, secret("verifier")))
	late, err := api.StoreGrant(t.Context(), g, secret("token"))
	require.NoError(t, err)
	exec(t, admin, `update vault.authorizations set expires_at = $1`, time.Now().Add(-time.Second))
	exec(t, admin, `update vault.grants set expires_at = $1`, time.Now().Add(-time.Second))
	require.NoError(t, api.BeginAuthorization(t.Context(), "early", a, secret("verifier")))
	early, err := api.StoreGrant(t.Context(), g, secret("token"))
	require.NoError(t, err)

	_, _, err = api.TakeAuthorization(t.Context(), "late", a.Session)
	require.ErrorIs(t, err, vault.ErrNotFound)
	_, _, err = api.TakeGrant(t.Context(), g.Workspace, g.User, late)
	require.ErrorIs(t, err, vault.ErrNotFound)

	swept, err := engine.Sweep(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, swept)
	_, _, err = api.TakeAuthorization(t.Context(), "early", a.Session)
	require.NoError(t, err)
	_, _, err = api.TakeGrant(t.Context(), g.Workspace, g.User, early)
	require.NoError(t, err)
}
