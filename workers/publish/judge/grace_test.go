package judge_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/wire"
	"behalf/workers/workerstest"
)

func twentyMinutesAgo() time.Time { return time.Now().Add(-20 * time.Minute) }

// R56: what is twenty minutes late is missed with a grace of 15 minutes, and
// sent with one of 30.
func TestTwentyMinutesLate(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Work()
	missed := w.PublishAt(w.Carl, "too late", twentyMinutesAgo())
	w.Await(missed, post.Missed)
	require.Equal(t, "grace_passed", workerstest.Events[post.TargetMissed](w, missed)[0].Code)
	require.Empty(t, w.Requests())

	w.As(w.Olivia, &workspace.SetGrace{Minutes: 30})
	sent := w.PublishAt(w.Carl, "late", twentyMinutesAgo())
	w.Await(sent, post.Published)
	require.Len(t, w.Requests(), 1)
	require.Equal(t, post.Missed, w.Target(missed).State, "what was missed stays so")
}

// A rate limit is waited for as long as the workspace's own grace lasts.
func TestRateLimitBeyondTheWorkspacesGrace(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.As(w.Olivia, &workspace.SetGrace{Minutes: 30})
	w.Arm(control.Fault{Call: control.Publish, Kind: control.RateLimited, RetryAfter: 7200, Times: 1})
	w.Work()
	id := w.PublishAt(w.Carl, "limited", twentyMinutesAgo())
	released := workerstest.AwaitEvent[post.TargetReleased](w, id)
	require.Equal(t, "rate_limited", released.Code)
	require.Equal(t, w.Target(id).Due.Add(30*time.Minute+time.Second), released.NotBefore)
}

// What became of a post is found out by sending it again, with the key that the
// network remembers, as long as the workspace's own grace lasts.
func TestRepeatedWithinTheWorkspacesGrace(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.OfClass(sandbox.ExpiringKey, wire.Options{})
	w.As(w.Olivia, &workspace.SetGrace{Minutes: 30})
	w.Arm(control.Fault{Call: control.Publish, Kind: control.ResetAfter, Times: 1})
	w.Work()
	w.Await(w.PublishAt(w.Carl, "stored, and nobody was told", twentyMinutesAgo()), post.Published)
	require.Len(t, w.Posts(), 1)
	require.GreaterOrEqual(t, len(w.Requests()), 2)
}
