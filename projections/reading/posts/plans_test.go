package posts

import (
	"fmt"
	"testing"

	"behalf/eventstore"
	"behalf/projections/reading"
	"behalf/projections/storytest"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// One large workspace among many small ones: asked often enough for Postgres to
// think of one plan for all, a post is still found by its key, and a page by the
// index that has its order.
func TestQuestionsReadWhatTheyAnswer(t *testing.T) {
	t.Parallel()
	g := given(t, record(team()...)...)
	_, err := g.Tables.Exec(t.Context(), `
		insert into views.posts (post_id, workspace_id, author_id, text, revision, zone, written_at, position, content, media, reviser_id, private)
		select gen_random_uuid(), case when n % 2 = 0 then $1 else gen_random_uuid() end, $2, '', 1, '', now(), n, '', '[]', $2, false
		from generate_series(1, 40000) as n`, [16]byte(acme), [16]byte(olivia))
	require.NoError(t, err)
	_, err = g.Tables.Exec(t.Context(), `
		insert into views.targets (
			post_id, account_id, workspace_id, author_id, author_since, identity, state, gates, mode, posted_as, rules, remote, url, code, detail, position, on_approval, note, reminded)
		select post_id, $1, workspace_id, author_id, position, '', 'draft', '[]', '', '', '[]', '', '', '', '', position, false, '', false
		from views.posts`, [16]byte(news))
	require.NoError(t, err)
	_, err = g.Tables.Exec(t.Context(), "analyze")
	require.NoError(t, err)

	connection, err := g.Under(eventstore.RoleAPI).Acquire(t.Context())
	require.NoError(t, err)
	defer connection.Release()
	batch := &pgx.Batch{}
	batch.Queue("begin")
	ofAcme.Queue(batch)
	reading.PlanEach(batch)
	batch.Queue("prepare posts as " + sqlPosts)
	batch.Queue("prepare targets as " + sqlPostTargets)
	require.NoError(t, connection.SendBatch(t.Context(), batch).Close())
	defer func() { _, _ = connection.Exec(t.Context(), "rollback") }()

	explained := func(execute string) (plan string) {
		for range 8 {
			plan = storytest.Plan(t, connection, "execute "+execute, pgx.QueryExecModeSimpleProtocol)
		}
		return plan
	}
	for _, seenBy := range []string{"null", fmt.Sprintf("'%x'", carl[:])} {
		for _, question := range []string{"posts", "targets"} {
			page := explained(fmt.Sprintf("%s('%x', null, %s, 9000000, 50, null, null, null, null, null, null, null, null)", question, acme[:], seenBy))
			require.Contains(t, page, "Index Scan Backward using posts_newest")
			require.NotContains(t, page, "Seq Scan on targets")
			single := explained(fmt.Sprintf("%s('%x', '%x', %s, 9000000, 50, null, null, null, null, null, null, null, null)", question, acme[:], hello[:], seenBy))
			require.Contains(t, single, "posts_pkey")
			require.NotContains(t, single, "Seq Scan on targets")
		}
	}
}
