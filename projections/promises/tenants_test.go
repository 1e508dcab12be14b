package promises

import (
	"context"
	"strings"
	"testing"
	"time"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/projections/reading"
	"behalf/projections/reading/posts"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// tenanted lists the tables that hold rows of workspaces or people.
func (db *database) tenanted() []string {
	db.t.Helper()
	found, err := db.super.Query(db.t.Context(), `
		select c.oid::regclass::text
		from pg_class as c
		join pg_namespace as n on n.oid = c.relnamespace
		where n.nspname like 'views\_%'
		and c.relkind = 'r'`)
	require.NoError(db.t, err)
	tables, err := pgx.CollectRows(found, pgx.RowTo[string])
	require.NoError(db.t, err)
	require.Len(db.t, tables, 17)
	return tables
}

// seen counts the rows of a table that the api's role sees in a scope, and how
// many of them are of one workspace.
func (db *database) seen(table string, scope eventstore.Scope, of domain.WorkspaceID) (all, own int) {
	db.t.Helper()
	owned := "workspace_id"
	if strings.HasSuffix(table, ".people") {
		owned = "(select m.workspace_id from views.members as m where m.user_id = people.user_id)"
	}
	batch := &pgx.Batch{}
	scope.Queue(batch)
	batch.Queue("select count(*), count(*) filter (where "+owned+" = $1) from "+table, [16]byte(of)).
		QueryRow(func(row pgx.Row) error { return row.Scan(&all, &own) })
	require.NoError(db.t, db.under(eventstore.RoleAPI).SendBatch(db.t.Context(), batch).Close(), table)
	return all, own
}

func TestNobodySeesAnotherWorkspacesRows(t *testing.T) {
	t.Parallel()
	db := open(t)
	db.engine(db.store, engine.Options{})
	acme, _ := db.founds("Acme")
	rival, _ := db.founds("Rival")
	position := max(db.talked(acme), db.talked(rival))
	for _, view := range projections.Views() {
		db.reach(view, position)
	}
	for _, table := range db.tenanted() {
		if strings.HasPrefix(table, "views_notifications_") {
			continue // a person's, and not a workspace's
		}
		all, own := db.seen(table, eventstore.Scope{Workspace: acme.id, User: acme.owner}, acme.id)
		require.Positive(t, own, table)
		require.Equal(t, own, all, table)

		all, own = db.seen(table, eventstore.Scope{Workspace: rival.id}, acme.id)
		require.Positive(t, all, table)
		require.Zero(t, own, table)

		all, _ = db.seen(table, eventstore.Scope{}, acme.id)
		require.Zero(t, all, table)
	}

	// without a workspace, a user sees themselves and where they belong
	mine := eventstore.Scope{User: acme.owner}
	for table, want := range map[string]int{"views.people": 1, "views.members": 1, "views.workspaces": 1, "views.accounts": 0, "views.posts": 0} {
		all, _ := db.seen(table, mine, acme.id)
		require.Equal(t, want, all, table)
	}
}

func TestQuestionsStayInTheirWorkspace(t *testing.T) {
	t.Parallel()
	db := open(t)
	db.engine(db.store, engine.Options{})
	acme, _ := db.founds("Acme")
	rival, position := db.founds("Rival")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	inside := eventstore.Scope{Workspace: acme.id, User: acme.owner}

	accounts, err := db.reader.Accounts(ctx, inside, position, reading.AccountPage{})
	require.NoError(t, err)
	require.Len(t, accounts.Value, 1)
	require.Equal(t, acme.account, accounts.Value[0].ID)
	_, err = db.reader.Account(ctx, inside, position, rival.account, domain.UserID{})
	require.ErrorIs(t, err, reading.ErrNotFound)
	_, err = db.reader.Member(ctx, inside, acme.owner, position, rival.owner)
	require.ErrorIs(t, err, reading.ErrNotFound)
	invitations, err := db.reader.Invitations(ctx, inside, position, reading.InvitationPage{Now: time.Now()})
	require.NoError(t, err)
	require.Len(t, invitations.Value, 1)
	written, err := posts.List(ctx, db.reader, inside, position, posts.Page{})
	require.NoError(t, err)
	require.Len(t, written.Value, 1)

	nowhere, err := db.reader.Members(ctx, eventstore.Scope{}, domain.UserID{}, position, reading.MemberPage{})
	require.NoError(t, err)
	require.Empty(t, nowhere.Value.Members)
}

func TestTheAPIOnlyReads(t *testing.T) {
	t.Parallel()
	db := open(t)
	api := db.under(eventstore.RoleAPI)
	for _, table := range db.tenanted() {
		for _, statement := range []string{
			"insert into " + table + " default values", "delete from " + table, "truncate " + table,
		} {
			_, err := api.Exec(t.Context(), statement)
			require.ErrorContains(t, err, "permission denied", statement)
		}
		var enabled, forced bool
		err := db.super.QueryRow(t.Context(), `
			select relrowsecurity, relforcerowsecurity
			from pg_class
			where oid = $1::regclass`, table).Scan(&enabled, &forced)
		require.NoError(t, err)
		require.True(t, enabled && forced, table)
	}
}
