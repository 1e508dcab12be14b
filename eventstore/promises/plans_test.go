package promises

import (
	"context"
	"math"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"behalf/eventstore"
	"behalf/eventstore/storetest"
)

// large fills the log with 20,000 events on 200 streams, and as many commands.
func large(t *testing.T, db database) {
	t.Helper()
	_, err := db.super.Exec(t.Context(), `
insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
select
	'00000000-0000-0000-0000-000000000001',
	'post-' || lpad((n % 200)::text, 32, '0'),
	n / 200 + 1,
	gen_random_uuid(),
	'post.posted.v1',
	'{}',
	'{}',
	now()
from generate_series(0, 19999) as n;
insert into log.commands (id, body_hash, positions, position, answered_at)
select gen_random_uuid(), sha256(n::text::bytea), '{}', n, now()
from generate_series(1, 20000) as n;
insert into log.checkpoints (name, position)
values ('reader', 19990);
update log.high_water
set position = 20000;
analyze log.events, log.commands, log.checkpoints, log.high_water`)
	require.NoError(t, err)
}

// No query that runs for every command or every reader reads the whole log,
// neither under the roles nor under the row policies.
func TestNoHotQueryScansTheLog(t *testing.T) {
	t.Parallel()
	db := open(t)
	large(t, db)
	known := statements(t)
	stream, id := "post-00000000000000000000000000000007", eventstore.Fresh()
	for name, arguments := range map[string][]any{
		"sqlLoad":         {[]string{stream}, []int{99}},
		"sqlVersions":     {[]string{stream}},
		"sqlCommand":      {id},
		"sqlEventsAt":     {[]int64{7, 8, 9}},
		"sqlHistory":      {stream, 0, int64(math.MaxInt64), 500},
		"sqlNextEvents":   {"reader", 50},
		"sqlOldestAppend": {},
		"sqlLags":         {},
	} {
		for role, pool := range map[string]interface {
			Begin(ctx context.Context) (pgx.Tx, error)
		}{"engine": db.engine, "api": db.api} {
			if role == "api" && (name == "sqlNextEvents" || name == "sqlLags" || name == "sqlOldestAppend") {
				continue // only the engine asks these
			}
			tx, err := pool.Begin(t.Context())
			require.NoError(t, err)
			_, err = tx.Exec(t.Context(), `select set_config('behalf.workspace', '00000000000000000000000000000001', true)`)
			require.NoError(t, err)
			plan := storetest.Explain(t.Context(), t, tx, known[name], arguments...)
			require.NoError(t, tx.Rollback(t.Context()))
			plan.Walk(func(step storetest.Step) {
				if step.Relation == "events" || step.Relation == "commands" {
					require.NotContains(t, step.Type, "Seq Scan", "%s as %s: %+v", name, role, plan)
				}
			})
		}
	}
}

// The statements within the append functions use the indexes too, with plans
// that were made when the log was empty.
func TestAppendingScansNothing(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	pool := under(t, db.super, eventstore.RoleEngine)
	conn, err := pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	appendBoth := func(tx pgx.Tx, version int) {
		_, err := tx.Exec(t.Context(), `
select *
from log.append_event($1, $2, $3, $4, 'workspace.joined.v1', '{}', '{}', null, null, gen_random_uuid(), null, $3, sha256('x'))`,
			team.String(), version, id, eventstore.Fresh())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), `
select *
from log.append(
	array[$1], array[$2::int], array[2], array[$3::uuid],
	array[0], array[1],
	array[0, 0], array[1, 1], array[$2 + 1, $2 + 2], array[$4::uuid, $5::uuid],
	'{workspace.joined.v1,workspace.joined.v1}', '{"{}","{}"}', '{"{}","{}"}',
	array[0], array[gen_random_uuid()], array[null::uuid], array[$3::uuid], array[sha256('x')], '{0}'
)`, team.String(), version+1, id, eventstore.Fresh(), eventstore.Fresh())
		require.NoError(t, err)
	}
	tx, err := conn.Begin(t.Context())
	require.NoError(t, err)
	appendBoth(tx, 0)
	require.NoError(t, tx.Commit(t.Context()))
	large(t, db)

	tx, err = conn.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	appendBoth(tx, 3)
	rows, err := tx.Query(t.Context(), `
select relname, seq_scan, idx_scan
from pg_stat_xact_user_tables
where schemaname = 'log'
	and relname in ('events', 'commands')`)
	require.NoError(t, err)
	type scans struct {
		Table             string
		Sequential, Index int64
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[scans])
	require.NoError(t, err)
	require.Len(t, found, 2)
	for _, table := range found {
		require.Zero(t, table.Sequential, table.Table)
		require.Positive(t, table.Index, table.Table)
	}
}
