package work

import (
	"strings"
	"testing"

	"behalf/projections/storytest"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// Thirty thousand targets are scheduled for the next day, and as many have gone
// out today: every worker counts what is late, and reads neither of them. All of
// what is counted has one statement, planned once for whatever is asked of it.
func TestWhatIsLateIsFoundByIndex(t *testing.T) {
	t.Parallel()
	g := given(t)
	_, err := g.Tables.Exec(t.Context(), `
		insert into views.targets (
			post_id, account_id, workspace_id, author_id, author_since, identity, state, due, not_before, gates, mode,
			posted_as, rules, remote, url, code, detail, position, on_approval, note, reminded)
		select
			gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), n, '',
			case when n % 2 = 0 then 'scheduled' else 'published' end,
			now() + case when n % 2 = 0 then 1 else -1 end * n * interval '1 second',
			now() + case when n % 2 = 0 then 1 else -1 end * n * interval '1 second',
			'[]', 'owner', '', '[]', '', '', '', '', n, false, '', false
		from generate_series(1, 60000) as n`)
	require.NoError(t, err)
	_, err = g.Tables.Exec(t.Context(), "analyze views_posts_1.targets")
	require.NoError(t, err)

	var body string
	require.NoError(t, g.Tables.QueryRow(t.Context(), "select prosrc from pg_proc where oid = 'workers.odd_targets'::regproc").Scan(&body))
	_, statement, found := strings.Cut(body, "return query")
	require.True(t, found)
	statement, _, found = strings.Cut(statement, "\nend")
	require.True(t, found)
	statement = strings.NewReplacer("which ", "$1 ", "limit most", "limit $2").Replace(statement)

	connection, err := g.Tables.Acquire(t.Context())
	require.NoError(t, err)
	defer connection.Release()
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		for _, prepare := range []string{"set plan_cache_mode = " + mode, "prepare " + mode + " (text, integer) as " + statement} {
			_, err := connection.Exec(t.Context(), prepare, pgx.QueryExecModeSimpleProtocol)
			require.NoError(t, err)
		}
		for _, which := range []string{"late", "put_off", "stuck"} {
			plan := storytest.Plan(t, connection, "execute "+mode+"('"+which+"', 1)", pgx.QueryExecModeSimpleProtocol)
			require.Contains(t, plan, "targets_scheduled", which)
			require.NotContains(t, plan, "targets_due", which)
			require.NotContains(t, plan, "targets_calendar", which)
			require.NotContains(t, plan, "Seq Scan on targets", which)
		}
	}
}
