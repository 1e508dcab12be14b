package reading

import (
	"fmt"
	"testing"

	"behalf/eventstore"
	"behalf/projections/storytest"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

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
		plan := storytest.Plan(t, connection, "execute "+execute, pgx.QueryExecModeSimpleProtocol)
		require.Contains(t, plan, "$1", "one plan for all")
		require.NotContains(t, plan, "Seq Scan on members", plan)
		require.NotContains(t, plan, "Seq Scan on assignments", plan)
	}
}
