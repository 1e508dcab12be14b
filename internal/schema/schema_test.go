package schema_test

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
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

// The latest files are taken back and applied again, and everything is as it was.
func TestDownAndUp(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	before := drawn(t, pool)
	db := stdlib.OpenDBFromPool(pool)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	files, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("."), goose.WithDisableGlobalRegistry(true))
	require.NoError(t, err)
	_, err = files.DownTo(t.Context(), 94)
	require.NoError(t, err)
	require.NotEqual(t, before, drawn(t, pool))
	_, err = files.Up(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, drawn(t, pool))
}

// drawn is what the database consists of, apart from its rows.
func drawn(t *testing.T, pool *pgxpool.Pool) (lines []string) {
	t.Helper()
	err := pool.QueryRow(t.Context(), `
select array_agg(line order by line)
from (
	select pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') as line
	from pg_proc as p
	join pg_namespace as n on n.oid = p.pronamespace
	where n.nspname !~ '^(pg_|information_schema)'
		and p.prokind in ('f', 'p')
	union all
	select format('%s.%s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attacl)
	from pg_attribute as a
	join pg_class as c on c.oid = a.attrelid
	join pg_namespace as n on n.oid = c.relnamespace
	where n.nspname !~ '^(pg_|information_schema)'
		and c.relkind = 'r'
		and a.attnum > 0
		and not a.attisdropped
	union all
	select pg_get_indexdef(i.indexrelid)
	from pg_index as i
	join pg_class as c on c.oid = i.indrelid
	join pg_namespace as n on n.oid = c.relnamespace
	where n.nspname !~ '^(pg_|information_schema)'
	union all
	select format('%s %s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
	from pg_constraint as c
	join pg_namespace as n on n.oid = c.connamespace
	where n.nspname !~ '^(pg_|information_schema)'
) as l`).Scan(&lines)
	require.NoError(t, err)
	return lines
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
