package publish

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/internal/clock"
	"behalf/workers/jobs"
)

// A mistake while a task is put into its lane is no worker's end, and does not
// keep the task from being brought again.
func TestSortingBreaks(t *testing.T) {
	t.Parallel()
	p := New(Deps{Logger: slog.New(slog.DiscardHandler), Clock: clock.New(time.Now, nil)}) // without a log to look the account up in
	one := task{target: jobs.Target{Workspace: domain.WorkspaceID{1}, Post: domain.PostID{1}, Account: domain.AccountID{1}}}
	require.NotPanics(t, func() { p.sort(t.Context(), one) })
	_, waits := p.turns.Load(one.turn())
	require.False(t, waits)
}
