package promises

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// statements finds every SQL statement of the event store: the constants named sql….
func statements(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../*.go")
	require.NoError(t, err)
	more, err := filepath.Glob("../internal/*/*.go")
	require.NoError(t, err)
	files = append(files, more...)
	found := map[string]string{}
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
				found[value.Names[0].Name] = text
			}
			return true
		})
	}
	require.Greater(t, len(found), 10)
	return found
}

func TestEveryStatementCanBePrepared(t *testing.T) {
	t.Parallel()
	db := open(t)
	conn, err := db.engine.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	for name, statement := range statements(t) {
		_, err := conn.Conn().Prepare(t.Context(), name, statement)
		require.NoError(t, err, name)
	}
}

// With everything still to be read, a batch is an index range scan that stops
// after its last event: the backlog is neither scanned nor sorted.
func TestABatchOfABacklogIsARangeScan(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, err := db.super.Exec(t.Context(), `
insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
select
	'00000000-0000-0000-0000-000000000001',
	'post-00000000000000000000000000000001',
	n,
	gen_random_uuid(),
	'post.posted.v1',
	'{}',
	'{}',
	now()
from generate_series(1, 20000) as n;
insert into log.checkpoints (name, position)
values ('behind', 10);
update log.high_water
set position = 20000;
analyze log.events`)
	require.NoError(t, err)

	var plan []byte
	explain := "explain (analyze, format json) " + statements(t)["sqlNextEvents"]
	require.NoError(t, db.engine.QueryRow(t.Context(), explain, "behind", 50).Scan(&plan))
	var plans []struct{ Plan node }
	require.NoError(t, json.Unmarshal(plan, &plans))
	scans := 0
	plans[0].Plan.walk(func(n node) {
		require.NotContains(t, n.Type, "Sort", string(plan))
		if n.Relation == "events" {
			scans++
			require.Equal(t, "Index Scan", n.Type, string(plan))
			require.Equal(t, "events_position_key", n.Index)
			require.LessOrEqual(t, n.Rows, 50.0)
		}
	})
	require.Equal(t, 1, scans, string(plan))
}

// node is a step of a query plan.
type node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Rows     float64 `json:"Actual Rows"`
	Plans    []node
}

func (n node) walk(visit func(node)) {
	visit(n)
	for _, below := range n.Plans {
		below.walk(visit)
	}
}
