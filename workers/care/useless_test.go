package care_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/workers/workerstest"
)

// R35, R44: who posts through the Owner's connection by now is not asked to mend
// their own when it ends. Posting with it again, they are, within a day.
func TestUselessConnectionIsAskedForWhenItIsOfUse(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*workerstest.World) error{
		"a right is lost":    func(w *workerstest.World) error { return w.Sandbox.RemoveAdmin(w.Ctx, networktest.Page, "carl") },
		"the token has died": func(w *workerstest.World) error { return w.Sandbox.Revoke(w.Ctx, "carl") },
		"it has run out": func(w *workerstest.World) error {
			strip(w, w.ConnectionOf(w.Carl))
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.MemberMode)
			w.Connect(w.Carl)
			require.NoError(t, end(w))
			w.As(w.Olivia, &assignment.ChangeCredentialMode{Member: w.Carl, Account: w.Account, Mode: workspace.OwnerMode})
			for i := range 3 {
				round(w, time.Duration(2*i+2)*day)
				require.Empty(t, w.Outages())
			}
			w.As(w.Olivia, &assignment.ChangeCredentialMode{Member: w.Carl, Account: w.Account, Mode: workspace.MemberMode})
			for i := range 2 {
				round(w, time.Duration(2*i+8)*day)
				require.Len(t, w.Outages(), 1)
			}
			require.Equal(t, w.Carl, w.Outages()[0].Holder)
		})
	}
}
