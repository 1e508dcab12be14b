package reading

import (
	"fmt"
	"strings"
	"testing"

	"behalf/eventstore"

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
	batch.Queue(sqlPlanEach)
	batch.Queue("prepare posts as " + sqlPosts)
	batch.Queue("prepare targets as " + sqlPostTargets)
	require.NoError(t, connection.SendBatch(t.Context(), batch).Close())
	defer func() { _, _ = connection.Exec(t.Context(), "rollback") }()

	explained := func(execute string) (lines string) {
		for range 8 {
			found, err := connection.Query(t.Context(), "explain execute "+execute, pgx.QueryExecModeSimpleProtocol)
			require.NoError(t, err)
			all, err := pgx.CollectRows(found, pgx.RowTo[string])
			require.NoError(t, err)
			lines = strings.Join(all, "\n")
		}
		return lines
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

// The list of members is planned once for all workspaces and pages, and so is one
// member: among many of them, they are read by index.
func TestMembersArePlannedOnce(t *testing.T) {
	t.Parallel()
	g := given(t, record(team()...)...)
	_, err := g.Tables.Exec(t.Context(), `
		insert into views.members
		select (jsonb_populate_record(m, jsonb_build_object('workspace_id', gen_random_uuid(), 'user_id', gen_random_uuid()))).*
		from views.members as m
		cross join generate_series(1, 20000)`)
	require.NoError(t, err)
	_, err = g.Tables.Exec(t.Context(), `
		insert into views.assignments (workspace_id, user_id, account_id, posting_level, approves_posts, credential_mode)
		select workspace_id, user_id, gen_random_uuid(), 'full', false, 'owner'
		from views.members
		where workspace_id <> $1`, [16]byte(acme))
	require.NoError(t, err)
	_, err = g.Tables.Exec(t.Context(), "analyze")
	require.NoError(t, err)

	connection, err := g.Under(eventstore.RoleAPI).Acquire(t.Context())
	require.NoError(t, err)
	defer connection.Release()
	batch := &pgx.Batch{}
	batch.Queue("begin")
	ofAcme.QueueOnce(batch)
	batch.Queue("prepare members as " + sqlMembers)
	batch.Queue("prepare member as " + sqlMember)
	require.NoError(t, connection.SendBatch(t.Context(), batch).Close())
	defer func() { _, _ = connection.Exec(t.Context(), "rollback") }()
	for _, execute := range []string{
		fmt.Sprintf("members('%x', null, null, null, null, 51)", acme[:]), fmt.Sprintf("member('%x', null, '%x')", acme[:], carl[:]),
	} {
		found, err := connection.Query(t.Context(), "explain execute "+execute, pgx.QueryExecModeSimpleProtocol)
		require.NoError(t, err)
		all, err := pgx.CollectRows(found, pgx.RowTo[string])
		require.NoError(t, err)
		plan := strings.Join(all, "\n")
		require.Contains(t, plan, "$1", "one plan for all")
		require.NotContains(t, plan, "Seq Scan on members", plan)
		require.NotContains(t, plan, "Seq Scan on assignments", plan)
	}
}
