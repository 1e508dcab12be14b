package seal_test

import (
	"context"
	"math"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/eventstore/seal/sealtest"
	"behalf/eventstore/storetest"
)

func statements(t *testing.T) map[string]string {
	t.Helper()
	return storetest.Statements(t, "*.go", "tree/*.go", "verify/*.go", "export/*.go")
}

func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	w := sealtest.Open(t)
	conn, err := w.Engine.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	for name, statement := range statements(t) {
		_, err := conn.Conn().Prepare(t.Context(), name, statement)
		require.NoError(t, err, name)
	}
}

// long is a log of 20,000 events with as many checkpoints and pieces of tiles,
// as if each event had been sealed for itself.
func long(t *testing.T) *sealtest.World {
	t.Helper()
	w := sealtest.Open(t)
	w.Fill(t, 20_000)
	w.Exec(t, `
insert into seal.checkpoints (size, position, root, note)
select n, n, sha256('x'), 'x'
from generate_series(1, 20000) as n`)
	w.Exec(t, `
insert into seal.tiles (level, tile, start, hashes)
select 0, n / 256, n % 256, sha256('x')
from generate_series(0, 19999) as n`)
	w.Exec(t, `analyze log.events, seal.checkpoints, seal.tiles`)
	return w
}

// What is asked for every step of the sealer and for every proof looks nothing
// up by reading a whole table, neither for the engine nor under the row policies.
func TestNoHotQueryScansATable(t *testing.T) {
	t.Parallel()
	w := long(t)
	known := statements(t)
	var id pgtype.UUID
	require.NoError(t, w.Super.QueryRow(t.Context(), `select id from log.events where position = 777`).Scan(&id))
	for name, arguments := range map[string][]any{
		"seal.sqlLatest":        {},
		"seal.sqlCovering":      {int64(777)},
		"seal.sqlHighWater":     {},
		"seal.sqlEvent":         {id},
		"seal.sqlTiles":         {[]int{0, 0}, []int64{3, 70}},
		"verify.sqlPieces":      {0, int64(40), int64(0), 512},
		"verify.sqlCheckpoints": {int64(777)},
		"verify.sqlNewer":       {int64(19_990)},
	} {
		for role, pool := range map[string]*pgxpool.Pool{"engine": w.Engine, "api": w.API} {
			tx, err := pool.Begin(t.Context())
			require.NoError(t, err)
			_, err = tx.Exec(t.Context(), `select set_config('behalf.workspace', $1, true)`, pgtype.UUID{Bytes: sealtest.Acme, Valid: true}.String())
			require.NoError(t, err)
			require.Contains(t, known, name)
			storetest.Explain(t.Context(), t, tx, known[name], arguments...).Walk(func(step storetest.Step) {
				switch step.Relation {
				case "events", "checkpoints", "tiles":
					require.NotContains(t, step.Type, "Seq Scan", "%s as %s", name, role)
				}
			})
			require.NoError(t, tx.Rollback(t.Context()))
		}
	}
}

// Which leaf an event is, is counted within a function, whose plan no EXPLAIN
// shows: from the checkpoint before it, by the indexes.
func TestALeafIsCountedByTheIndexes(t *testing.T) {
	t.Parallel()
	w := long(t)
	tx, err := w.API.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	var leaf int64
	require.NoError(t, tx.QueryRow(t.Context(), `select seal.leaf(777)`).Scan(&leaf))
	require.EqualValues(t, 776, leaf)
	var scans, fetched int64
	require.NoError(t, tx.QueryRow(t.Context(), `
select
	sum(seq_scan)::bigint,
	sum(seq_tup_read + idx_tup_fetch)::bigint
from pg_stat_xact_user_tables
where schemaname in ('log', 'seal')
	and relname in ('events', 'checkpoints')`).Scan(&scans, &fetched))
	require.Zero(t, scans)
	require.Less(t, fetched, int64(100))
}

// An export goes through the log once by position, without sorting it.
func TestAnExportDoesNotSortTheLog(t *testing.T) {
	t.Parallel()
	w := long(t)
	tx, err := w.Engine.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	_, err = tx.Exec(t.Context(), statements(t)["export.sqlUnlimited"])
	require.NoError(t, err)
	plan := storetest.Explain(t.Context(), t, tx, statements(t)["export.sqlEvents"],
		pgtype.UUID{Bytes: sealtest.Acme, Valid: true}, int64(math.MaxInt64))
	plan.Walk(func(step storetest.Step) { require.NotContains(t, step.Type, "Sort") })
}
