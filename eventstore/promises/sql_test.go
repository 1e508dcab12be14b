package promises

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/eventstore/storetest"
)

// statements finds every SQL statement of the event store.
func statements(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for name, statement := range storetest.Statements(t, "../*.go", "../internal/*/*.go") {
		_, plain, _ := strings.Cut(name, ".")
		found[plain] = statement
	}
	require.Greater(t, len(found), 10)
	return found
}

func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	db := open(t)
	conn, err := db.engine.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	for name, statement := range statements(t) {
		_, err := conn.Conn().Prepare(t.Context(), name, statement)
		require.NoError(t, err, name)
	}
}

// With everything still to be read, a batch is an index range scan that stops
// after its last event: the backlog is neither scanned nor sorted.
func TestABatchOfABacklogIsARangeScan(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, err := db.super.Exec(t.Context(), `
insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
select
	'00000000-0000-0000-0000-000000000001',
	'post-00000000000000000000000000000001',
	n,
	gen_random_uuid(),
	'post.posted.v1',
	'{}',
	'{}',
	now()
from generate_series(1, 20000) as n;
insert into log.checkpoints (name, position)
values ('behind', 10);
update log.high_water
set position = 20000;
analyze log.events`)
	require.NoError(t, err)

	tx, err := db.engine.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	plan := storetest.Explain(t.Context(), t, tx, statements(t)["sqlNextEvents"], "behind", 50)
	scans := 0
	plan.Walk(func(step storetest.Step) {
		require.NotContains(t, step.Type, "Sort", "%+v", plan)
		if step.Relation == "events" {
			scans++
			require.Equal(t, "Index Scan", step.Type, "%+v", plan)
			require.Equal(t, "events_position_key", step.Index)
			require.LessOrEqual(t, step.Rows, 50.0)
		}
	})
	require.Equal(t, 1, scans, "%+v", plan)
}
