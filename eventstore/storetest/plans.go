package storetest

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// Statements finds every SQL statement in Go files that match the patterns: the
// constants named sql…, by package and name ("seal.sqlLatest").
func Statements(t testing.TB, patterns ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			require.NoError(t, err)
			ast.Inspect(file, func(node ast.Node) bool {
				value, ok := node.(*ast.ValueSpec)
				if ok && len(value.Values) == 1 && strings.HasPrefix(value.Names[0].Name, "sql") {
					literal, ok := value.Values[0].(*ast.BasicLit)
					require.True(t, ok, "%s is not one literal", value.Names[0].Name)
					text, err := strconv.Unquote(literal.Value)
					require.NoError(t, err)
					found[file.Name.Name+"."+value.Names[0].Name] = text
				}
				return true
			})
		}
	}
	require.NotEmpty(t, found)
	return found
}

// Step is a step of a query's plan.
type Step struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Rows     float64 `json:"Actual Rows"`
	Plans    []Step
}

// Walk visits a step and all below it.
func (s Step) Walk(visit func(Step)) {
	visit(s)
	for _, below := range s.Plans {
		below.Walk(visit)
	}
}

// Explain runs a statement and answers how that went.
func Explain(ctx context.Context, t testing.TB, tx pgx.Tx, statement string, arguments ...any) Step {
	t.Helper()
	var plan []byte
	require.NoError(t, tx.QueryRow(ctx, "explain (analyze, format json) "+statement, arguments...).Scan(&plan), statement)
	var plans []struct{ Plan Step }
	require.NoError(t, json.Unmarshal(plan, &plans))
	return plans[0].Plan
}
