package quarantine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/workspace"
	"behalf/projections"
	"behalf/workers/jobs"
	"behalf/workers/quarantine"
	"behalf/workers/workerstest"
)

// answering answers what it is told to, after something has happened once.
type answering struct {
	once    *sync.Once
	happens func()
	found   quarantine.Finding
}

func (a answering) Reconsider(context.Context, jobs.Target, quarantine.Open, quarantine.Past) (quarantine.Finding, error) {
	a.once.Do(a.happens)
	return a.found, nil
}

func (a answering) Forfeit(context.Context, jobs.Target) error { return nil }

// R69: what was asked about a quarantine as it was before somebody widened it says
// nothing about what may be missing by now, whoever asks again meanwhile.
func TestWidenedWhileTheNetworksAreAsked(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]bool{"the rest of the round": false, "others ask again": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			for n := range 10 { // more than are asked about at once
				w.Publish(w.Carl, fmt.Sprint("due ", n))
			}
			w.CaughtUp(projections.Posts.Group())
			keeper := func(found quarantine.Finding, happens func()) *quarantine.Keeper {
				return &quarantine.Keeper{Pool: w.Pool, Store: w.Store, Logger: w.Logger(), Asker: answering{&sync.Once{}, happens, found}}
			}
			counted := func(which string) (count int) {
				require.NoError(t, w.Pool.QueryRow(w.Ctx, "select count(*) from log.reconsidered where "+which).Scan(&count))
				return count
			}
			settled := func() int { return counted("outcome is not null") }
			absent := quarantine.Finding{Outcome: quarantine.Absent}
			hold(w)
			require.NoError(t, keeper(absent, func() {
				require.Eventually(t, func() bool { return counted("true") == 8 }, 20*time.Second, time.Millisecond, "as many as are asked about at once")
				_, err := w.Admin.Exec(w.Ctx, "select log.begin_quarantine('by_hand', 'an older backup', now() - interval '1 day', null)")
				require.NoError(t, err)
				if again {
					require.NoError(t, keeper(quarantine.Finding{}, func() {}).Round(w.Ctx))
				}
			}).Round(w.Ctx))
			require.Zero(t, settled())
			if !again {
				require.NoError(t, keeper(absent, func() {}).Round(w.Ctx))
				require.Equal(t, 10, settled())
			}
		})
	}
}
