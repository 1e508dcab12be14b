package quarantine_test

import (
	"testing"

	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wire"
	"behalf/internal/testkit"
	"behalf/workers/workerstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// onEachNetwork tests in a world of each class of networks, whose log is known.
// knows says whether such a network tells what the backup does not know.
func onEachNetwork(t *testing.T, test func(w *workerstest.World, knows bool)) {
	t.Helper()
	for class, knows := range map[sandbox.Class]bool{
		sandbox.ClientKey:   true,
		sandbox.Listed:      true,
		sandbox.ExpiringKey: true,
		sandbox.TwoPhase:    false, // which draft was published is not in the backup
		sandbox.Silent:      false,
	} {
		t.Run(sandbox.NameOf(class), func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			w.OfClass(class, wire.Options{})
			known(w)
			test(w, knows)
		})
	}
}
