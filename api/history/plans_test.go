package history_test

import (
	"math"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/eventstore"
	"behalf/eventstore/storetest"
	"behalf/internal/testkit"
)

// What auditors ask is found by the indexes, not by reading and sorting the log;
// where posts are wanted, it is gone through once, by position.
func TestHistoryScansAndSortsNothing(t *testing.T) {
	t.Parallel()
	super := testkit.Postgres(t)
	_, err := super.Exec(t.Context(), `
insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
select
	'00000000-0000-0000-0000-000000000001',
	'account-' || lpad((n % 200)::text, 32, '0'),
	n / 200 + 1,
	gen_random_uuid(),
	'account.connected.v1',
	'{}',
	'{}',
	now()
from generate_series(0, 19999) as n`)
	require.NoError(t, err)
	_, err = super.Exec(t.Context(), `analyze log.events`)
	require.NoError(t, err)
	known := storetest.Statements(t, "past/*.go")
	workspace := pgtype.UUID{Bytes: [16]byte{15: 1}, Valid: true}
	stream, since, until := "account-00000000000000000000000000000007", time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	arguments := map[string][]any{
		"past.sqlStream":   {stream, int64(math.MaxInt64), time.Now()},
		"past.sqlStreams":  {[]string{stream}, []int32{3}, workspace, int64(0), int64(math.MaxInt64), since, until, 500},
		"past.sqlAccounts": {stream},
		"past.sqlScan":     {workspace, int64(10), int64(math.MaxInt64), []string{"account"}, since, until, 500},
	}
	for role, under := range map[string]string{"engine": eventstore.RoleEngine, "api": eventstore.RoleAPI} {
		pool, err := pgxpool.NewWithConfig(t.Context(), eventstore.UnderRole(super.Config(), under))
		require.NoError(t, err)
		t.Cleanup(pool.Close)
		for name, statement := range known {
			tx, err := pool.Begin(t.Context())
			require.NoError(t, err)
			_, err = tx.Prepare(t.Context(), name, statement)
			require.NoError(t, err, name)
			if arguments, hot := arguments[name]; hot {
				_, err = tx.Exec(t.Context(), `select set_config('behalf.workspace', '00000000000000000000000000000001', true)`)
				require.NoError(t, err)
				if name == "past.sqlScan" {
					_, err = tx.Exec(t.Context(), known["past.sqlUnlimited"])
					require.NoError(t, err)
				}
				storetest.Explain(t.Context(), t, tx, statement, arguments...).Walk(func(step storetest.Step) {
					if step.Relation == "events" {
						require.NotContains(t, step.Type, "Seq Scan", "%s as %s", name, role)
						require.LessOrEqual(t, step.Rows, 500.0, "%s as %s", name, role)
					}
				})
			}
			require.NoError(t, tx.Rollback(t.Context()))
		}
	}
}
