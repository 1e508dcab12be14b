package problem_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/docs/rulebook"
	"behalf/api/problem"
	"behalf/domain"
)

// codeArgument is where each constructor of a refusal takes its code.
var codeArgument = map[string]int{"Forbid": 1, "Clash": 1, "Wrong": 2}

// Every code that the domain refuses with is explained to people.
func TestEveryCodeIsExplained(t *testing.T) {
	t.Parallel()
	explained := map[string]bool{}
	for _, code := range problem.Codes() {
		require.False(t, explained[code.Code], "%s stands twice", code.Code)
		require.NotEmpty(t, code.Title)
		require.NotEmpty(t, code.Explain)
		require.NotEmpty(t, code.Status)
		explained[code.Code] = true
	}
	for code, where := range domainCodes(t) {
		require.True(t, explained[code], "%s of %s is missing in codes.tsv", code, where)
	}
}

func domainCodes(t *testing.T) map[string]string {
	found := map[string]string{}
	tree := os.DirFS("../../domain")
	require.NoError(t, fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "scenario") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), "../../domain/"+path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if at, ok := codeArgument[selector.Sel.Name]; ok && len(call.Args) > at {
				if literal, ok := call.Args[at].(*ast.BasicLit); ok {
					code, err := strconv.Unquote(literal.Value)
					require.NoError(t, err)
					found[code] = path
				}
			}
			return true
		})
		return nil
	}))
	require.NotEmpty(t, found)
	return found
}

func TestRuleBookIsWhole(t *testing.T) {
	t.Parallel()
	rules := rulebook.Rules()
	for rule := domain.R1; rule <= domain.R69; rule++ {
		require.NotEmpty(t, rulebook.Text(rule.String()), rule)
	}
	require.Len(t, rules, int(domain.R69))
}
