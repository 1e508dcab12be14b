package exports

import (
	"testing"

	"behalf/internal/testkit"
	"behalf/projections/rows"
	"behalf/projections/storytest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	stage = storytest.Alone(View)
	given = stage.Given
)

// The story's people and things, what happens in it, and what it is told with.
var (
	acme, olivia, dawn, at  = storytest.Acme, storytest.Olivia, storytest.Dawn, storytest.At
	founded, inAcme, record = storytest.Founded, storytest.InAcme, storytest.Record
)

func then[R any](g storytest.Told, table rows.Table[R], want ...R) { storytest.Then(g, table, want...) }

func TestTablesAreAsDescribed(t *testing.T) {
	t.Parallel()
	stage.Described(t, exports.Shape)
}
