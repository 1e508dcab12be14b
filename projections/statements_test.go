package projections

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"behalf/internal/testkit"
	"behalf/projections/rows"

	"github.com/stretchr/testify/require"
)

// Every constant that begins with sql is a statement of its own.
func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t, Install)
	connection, err := pool.Acquire(t.Context())
	require.NoError(t, err)
	defer connection.Release()
	prepared := 0
	for name, text := range constants(t, "sql") {
		if strings.Contains(text, "create ") || strings.Contains(text, "grant ") {
			continue // Postgres prepares no definitions; Install has just run them
		}
		_, err := connection.Conn().Prepare(t.Context(), name, text)
		require.NoError(t, err, "%s:%s", name, text)
		prepared++
	}
	require.Greater(t, prepared, 15)
}

func constants(t *testing.T, prefix string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	found := map[string]string{}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || !strings.HasPrefix(spec.Names[0].Name, prefix) || len(spec.Values) != 1 {
				return true
			}
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, err := strconv.Unquote(literal.Value)
				require.NoError(t, err)
				found[spec.Names[0].Name] = text
			}
			return true
		})
	}
	return found
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
