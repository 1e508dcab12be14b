package projections

import (
	"testing"

	"behalf/internal/testkit"
	"behalf/projections/rows"
	"behalf/projections/storytest"

	"github.com/stretchr/testify/require"
)

func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	storytest.PrepareStatements(t, testkit.Postgres(t, Install))
}

// What the handlers know of a table is what there is.
func TestTablesAreAsDescribed(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t, Install)
	for _, shape := range []*rows.Shape{
		people.Shape, workspaces.Shape, members.Shape, assignments.Shape, invitations.Shape,
		accounts.Shape, connections.Shape, posts.Shape, targets.Shape, departures.Shape, notifications.Shape, notifiedNames.Shape,
	} {
		var columns, key []string
		err := pool.QueryRow(t.Context(), `
			select
				array_agg(a.attname::text order by a.attnum),
				array_agg(a.attname::text order by array_position(i.indkey::int2[], a.attnum)) filter (where a.attnum = any(i.indkey))
			from pg_attribute as a
			join pg_index as i on i.indrelid = a.attrelid and i.indisprimary
			join pg_class as c on c.oid = a.attrelid
			join pg_namespace as n on n.oid = c.relnamespace
			where n.nspname like 'views\_%\_1'
			and c.relname = $1
			and a.attnum > 0`, shape.Name).Scan(&columns, &key)
		require.NoError(t, err)
		require.Equal(t, shape.Columns, columns, shape.Name)
		require.Equal(t, shape.Key, key, shape.Name)
	}
}

func TestInstallingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	g := given(t, record(inAcme(founded)...)...)
	installed := make(chan error)
	for range 4 {
		go func() { installed <- Install(t.Context(), g.Tables) }()
	}
	for range 4 {
		require.NoError(t, <-installed)
	}
	then(g, workspaces, workspaceRow{Workspace: acme, Name: "Acme", Owner: olivia, Since: at(1), CreatedAt: at(1), Grace: 15})
}
