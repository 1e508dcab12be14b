package storytest

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"behalf/internal/testkit"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// PrepareStatements has Postgres prepare the statements of the package that is
// tested: every constant whose name begins with sql is one of its own.
func (s Stage) PrepareStatements(t *testing.T) {
	t.Helper()
	connection, err := testkit.Postgres(t, s.Install).Acquire(t.Context())
	require.NoError(t, err)
	defer connection.Release()
	prepared := 0
	for name, text := range constants(t) {
		if !strings.HasPrefix(name, "sql") || strings.Contains(text, "create ") || strings.Contains(text, "grant ") {
			continue // Postgres prepares no definitions
		}
		_, err := connection.Conn().Prepare(t.Context(), name, text)
		require.NoError(t, err, "%s:%s", name, text)
		prepared++
	}
	require.Positive(t, prepared)
}

// Described checks that what handlers know of their tables is what there is.
func (s Stage) Described(t *testing.T, shapes ...*rows.Shape) {
	t.Helper()
	pool := testkit.Postgres(t, s.Install)
	for _, shape := range shapes {
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

// Plan is how Postgres would carry a statement out.
func Plan(t *testing.T, on interface {
	Query(ctx context.Context, statement string, parameters ...any) (pgx.Rows, error)
}, statement string, parameters ...any,
) string {
	t.Helper()
	found, err := on.Query(t.Context(), "explain "+statement, parameters...)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(found, pgx.RowTo[string])
	require.NoError(t, err)
	return strings.Join(lines, "\n")
}

// constants are the texts of the folder that a test runs in.
func constants(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	named := map[string]ast.Expr{}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(node ast.Node) bool {
			if spec, is := node.(*ast.ValueSpec); is && len(spec.Values) == 1 {
				named[spec.Names[0].Name] = spec.Values[0]
			}
			return true
		})
	}
	texts := map[string]string{}
	for name, value := range named {
		if text, is := textOf(value, named); is {
			texts[name] = text
		}
	}
	return texts
}

// textOf is what a text is that may be put together of others; false for what is none.
func textOf(value ast.Expr, named map[string]ast.Expr) (text string, is bool) {
	switch e := value.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, e.Kind == token.STRING && err == nil
	case *ast.Ident:
		if other, known := named[e.Name]; known {
			return textOf(other, named)
		}
	case *ast.BinaryExpr:
		left, is := textOf(e.X, named)
		if !is {
			return "", false
		}
		right, is := textOf(e.Y, named)
		return left + right, is
	}
	return "", false
}
