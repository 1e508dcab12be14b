package work

import (
	"testing"
	"time"

	"behalf/projections/storytest"

	"github.com/stretchr/testify/require"
)

// With fifty thousand targets, what little there is to do is
// still found by index.
func TestSweepingReadsWhatItNeeds(t *testing.T) {
	t.Parallel()
	g := given(t)
	_, err := g.Tables.Exec(t.Context(), `
		insert into views.targets (
			post_id, account_id, workspace_id, author_id, author_since, identity, state, due, not_before, gates, deadline, mode,
			holder_id, posted_as, rules, remote, url, code, detail, position, on_approval, note, reminded)
		select
			gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), n, '',
			case n % 50 when 0 then 'scheduled' when 1 then 'claimed' when 2 then 'waiting' when 3 then 'needs_reauthentication' when 4 then 'handed_over' when 5 then 'deleting' when 6 then 'unknown' else 'published' end,
			now() + n * interval '1 minute', now() + n * interval '1 minute', '[]', now() + n * interval '1 minute', 'owner',
			gen_random_uuid(), '', '[]', '', '', '', '', n, false, '', false
		from generate_series(1, 50000) as n`)
	require.NoError(t, err)
	_, err = g.Tables.Exec(t.Context(), `
		insert into views.departures (position, workspace_id, what, user_id, account_id, departed_at)
		select
			n, gen_random_uuid(), case n % 2 when 0 then 'membership' else 'account' end,
			case n % 2 when 0 then gen_random_uuid() end, case n % 2 when 1 then gen_random_uuid() end, now()
		from generate_series(1, 200) as n`)
	require.NoError(t, err)
	_, err = g.Tables.Exec(t.Context(), "analyze views_posts_1.targets, views_posts_1.departures")
	require.NoError(t, err)
	for statement, want := range map[string]struct {
		index      string
		parameters []any
	}{
		sqlDue:         {"targets_due", []any{time.Now(), time.Now().Add(10 * time.Minute), 100}},
		sqlStuck:       {"targets_claimed", []any{time.Now().Add(10 * time.Minute), 100}},
		sqlUnapproved:  {"targets_waiting", []any{time.Now().Add(10 * time.Minute), 100}},
		sqlUnreminded:  {"targets_waiting", []any{time.Now(), 2 * time.Hour, 100}},
		sqlUnconfirmed: {"targets_handed_over", []any{time.Now().Add(10 * time.Minute), 100}},
		sqlUnresolved:  {"targets_unknown", []any{time.Now().Add(10 * time.Minute), 100}},
		sqlDeleting:    {"targets_deleting", []any{100}},
		sqlHeldFor:     {"targets_held", []any{[16]byte(news), [16]byte(olivia), 100}},
		sqlUntold:      {"targets_held", []any{100}},
		sqlMended:      {"targets_held", []any{time.Now(), 100}},
		sqlDeparted:    {"targets_by_author", []any{200}},
		sqlStopped:     {"targets_open", []any{200}},
	} {
		plan := storytest.Plan(t, g.Tables, statement, want.parameters...)
		require.Contains(t, plan, want.index, statement)
		require.NotContains(t, plan, "Seq Scan on targets", statement)
	}
}
