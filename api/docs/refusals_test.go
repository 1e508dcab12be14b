package docs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/docs/rulebook"
	"behalf/domain"
	"behalf/domain/catalog"
)

// What every command can be refused with is read from the domain's source: the
// refusals that its decision and all that it calls can make.
func TestRefusalsOfEveryCommand(t *testing.T) {
	t.Parallel()
	found := (&source{packages: map[string]*types.Package{}, info: info(), bodies: map[*types.Func]*ast.FuncDecl{}}).refusals(t)
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(catalog.Commands())) {
		if catalog.Commands()[name].Issuer != domain.ByMember {
			continue
		}
		require.NotEmpty(t, found[name], "%s is never refused", name)
		fmt.Fprintf(&lines, "%s\t%s\n", name, strings.Join(found[name], " "))
	}
	if *update {
		require.NoError(t, os.WriteFile("rulebook/refusals.tsv", []byte(lines.String()), 0o644))
		return
	}
	for line := range strings.Lines(lines.String()) {
		name, codes, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		require.Equal(t, strings.Fields(codes), rulebook.Refusals(name), "%s; run: make openapi", name)
	}
}

// source is the domain as its files have it.
type source struct {
	set      token.FileSet
	packages map[string]*types.Package
	info     *types.Info
	bodies   map[*types.Func]*ast.FuncDecl
}

func info() *types.Info {
	return &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
}

// Import implements types.Importer: our own packages from their files, others
// as if they were empty, which is enough to follow calls within ours.
func (s *source) Import(path string) (*types.Package, error) {
	if known := s.packages[path]; known != nil {
		return known, nil
	}
	folder, ours := strings.CutPrefix(path, "behalf/")
	if !ours {
		empty := types.NewPackage(path, filepath.Base(path))
		empty.MarkComplete()
		s.packages[path] = empty
		return empty, nil
	}
	entries, err := os.ReadDir("../../" + folder)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			file, err := parser.ParseFile(&s.set, "../../"+folder+"/"+name, nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			files = append(files, file)
		}
	}
	config := types.Config{Importer: s, Error: func(error) {}}
	made, _ := config.Check(path, &s.set, files, s.info) // what the empty packages lack is no matter here
	s.packages[path] = made
	for _, file := range files {
		for _, declared := range file.Decls {
			if body, ok := declared.(*ast.FuncDecl); ok && body.Body != nil {
				if function, ok := s.info.Defs[body.Name].(*types.Func); ok {
					s.bodies[function] = body
				}
			}
		}
	}
	return made, nil
}

// refusals are the codes by the command's name.
func (s *source) refusals(t *testing.T) map[string][]string {
	found := map[string][]string{}
	_, err := s.Import("behalf/domain/catalog") // and with it whatever room has a command
	require.NoError(t, err)
	for function, body := range s.bodies {
		if function.Name() != "Decide" || body.Recv == nil {
			continue
		}
		codes := map[string]bool{}
		s.follow(function, codes, map[*types.Func]bool{})
		found[receiver(body)] = slices.Sorted(maps.Keys(codes))
	}
	return found
}

func receiver(body *ast.FuncDecl) string {
	kind := body.Recv.List[0].Type
	if pointer, ok := kind.(*ast.StarExpr); ok {
		kind = pointer.X
	}
	if name, ok := kind.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// codeAt is where each constructor of a refusal takes its code.
var codeAt = map[string]int{"Forbid": 1, "Clash": 1, "Wrong": 2}

func (s *source) follow(function *types.Func, codes map[string]bool, seen map[*types.Func]bool) {
	function = function.Origin()
	body := s.bodies[function]
	if body == nil || seen[function] {
		return
	}
	seen[function] = true
	ast.Inspect(body, func(node ast.Node) bool {
		switch found := node.(type) {
		case *ast.CallExpr:
			if selector, ok := found.Fun.(*ast.SelectorExpr); ok {
				if at, ok := codeAt[selector.Sel.Name]; ok && len(found.Args) > at {
					if literal, ok := found.Args[at].(*ast.BasicLit); ok {
						code, _ := strconv.Unquote(literal.Value)
						codes[code] = true
					}
				}
				if selector.Sel.Name == "Hidden" {
					codes["not_found"] = true
				}
			}
		case *ast.Ident:
			if called, ok := s.info.Uses[found].(*types.Func); ok {
				s.follow(called, codes, seen)
			}
		}
		return true
	})
}
