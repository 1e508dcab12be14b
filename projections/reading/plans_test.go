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
		cross join generate_series(1, 5000)`)
	require.NoError(t, err)
	_, err = g.Tables.Exec(t.Context(), `
		insert into views.assignments (workspace_id, user_id, account_id, posting_level, approves_posts, credential_mode)
		select workspace_id, user_id, gen_random_uuid(), 'full', false, 'owner'
		from views.members
		where workspace_id <> $1`, [16]byte(acme))
	require.NoError(t, err)
	for _, more := range []string{
		fmt.Sprintf(`
			insert into views.connections
			select (jsonb_populate_record(c, jsonb_build_object('workspace_id', m.workspace_id, 'account_id', gen_random_uuid(), 'holder_id', m.user_id))).*
			from views.connections as c
			cross join views.members as m
			where c.account_id = '%x'`, news[:]),
		fmt.Sprintf(`
			insert into views.accounts
			select (jsonb_populate_record(a, jsonb_build_object('workspace_id', s.workspace_id, 'account_id', s.account_id))).*
			from views.accounts as a
			cross join views.assignments as s
			where a.account_id = '%x'
			and s.workspace_id <> a.workspace_id`, news[:]),
		"analyze",
	} {
		_, err = g.Tables.Exec(t.Context(), more)
		require.NoError(t, err)
	}

	connection, err := g.Under(eventstore.RoleAPI).Acquire(t.Context())
	require.NoError(t, err)
	defer connection.Release()
	batch := &pgx.Batch{}
	batch.Queue("begin")
	ofAcme.QueueOnce(batch)
	for name, statement := range map[string]string{
		"members": sqlMembers, "members_held": sqlHeldByMembers, "called": sqlCalled,
		"member": sqlMember, "member_held": sqlHeldByMember, "member_called": sqlCalledOfMember,
	} {
		batch.Queue("prepare " + name + " as " + statement)
	}
	require.NoError(t, connection.SendBatch(t.Context(), batch).Close())
	defer func() { _, _ = connection.Exec(t.Context(), "rollback") }()
	for _, execute := range []string{
		fmt.Sprintf("members('%x', null, null, null, 51)", acme[:]), fmt.Sprintf("members_held('%x', null, null, null, 51, '%x')", acme[:], olivia[:]),
		fmt.Sprintf("called('%x')", acme[:]),
		fmt.Sprintf("member('%x', '%x')", acme[:], carl[:]), fmt.Sprintf("member_held('%x', '%x', '%x')", acme[:], carl[:], olivia[:]),
		fmt.Sprintf("member_called('%x', '%x')", acme[:], carl[:]),
	} {
		plan := storytest.Plan(t, connection, "execute "+execute, pgx.QueryExecModeSimpleProtocol)
		require.Contains(t, plan, "$1", "one plan for all")
		for _, large := range []string{"members", "assignments", "accounts", "connections"} {
			require.NotContains(t, plan, "Seq Scan on "+large)
		}
	}
}
