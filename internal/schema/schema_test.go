package schema_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"behalf/internal/schema"
	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// Several processes start at once on an empty database, and again on a migrated one.
func TestMigrateTogetherAndAgain(t *testing.T) {
	t.Parallel()
	pool := testkit.EmptyPostgres(t)
	for range 2 {
		var processes errgroup.Group
		for range 3 {
			processes.Go(func() error { return schema.Migrate(t.Context(), pool) })
		}
		require.NoError(t, processes.Wait())
	}
	var applied, distinct int
	err := pool.QueryRow(t.Context(), `
select
	count(*),
	count(distinct version_id)
from goose_db_version
where is_applied`).Scan(&applied, &distinct)
	require.NoError(t, err)
	require.Equal(t, distinct, applied)
	require.Greater(t, applied, 2)
}

// What the migrations make belongs to the owner's role, not to whoever ran them.
func TestEverythingBelongsToTheOwner(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	var strangers []string
	err := pool.QueryRow(t.Context(), `
select coalesce(array_agg(c.oid::regclass::text), '{}')
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = 'log'
	and pg_get_userbyid(c.relowner) <> 'behalf_owner'`).Scan(&strangers)
	require.NoError(t, err)
	require.Empty(t, strangers)
}

// A database that another wording made would lack what this version works with.
func TestChangedMigrationIsRefused(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	require.NoError(t, schema.Migrate(t.Context(), pool))
	_, err := pool.Exec(t.Context(), "update behalf_applied set sha256 = sha256(sha256) where file = '0002_log.sql'")
	require.NoError(t, err)
	var changed *schema.ChangedError
	require.ErrorAs(t, schema.Migrate(t.Context(), pool), &changed)
	require.Equal(t, "0002_log.sql", changed.File)
}
