package publish_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/wire"
	"behalf/workers/workerstest"
)

// A network that is away before anything was sent, and says when it will be back,
// is tried again then, or looked at when the grace ends (R56).
func TestAwayUntilAMoment(t *testing.T) {
	t.Parallel()
	for name, seconds := range map[string]int{"within the grace": 60, "beyond it": 7200} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			w.OfClass(sandbox.TwoPhase, wire.Options{})
			w.Arm(control.Fault{Call: control.Drafting, Kind: control.FailBefore, RetryAfter: seconds, Times: 5})
			w.Work()
			id := w.Publish(w.Carl, "away for a while")
			released := workerstest.AwaitRecorded[post.TargetReleased](w, id)
			again := released.Event.(post.TargetReleased)
			require.Equal(t, "http_503", again.Code)
			require.Equal(t, 4, left(w), "it was asked once")
			require.Empty(t, w.Requests())
			end := w.Target(id).Due.Add(sending.Grace + time.Second)
			if seconds > int(sending.Grace/time.Second) {
				require.Equal(t, end, again.NotBefore)
				return
			}
			claimed := workerstest.Events[post.TargetClaimed](w, id)[0]
			require.False(t, again.NotBefore.Before(claimed.Since().Add(time.Duration(seconds)*time.Second)), "sooner than it said")
			require.True(t, again.NotBefore.Before(end))
		})
	}
}

// What may be live, and whose network says when it will be back, is neither asked
// about nor sent before that, although the attempt's deadline has passed (R59).
func TestAwayWhilePublishing(t *testing.T) {
	t.Parallel()
	const back = 5 // seconds: longer than a claim lives, and than two sweeps
	for name, test := range map[string]struct {
		kind     control.Kind
		requests int
	}{
		"stored":     {control.FailAfter, 1},
		"not stored": {control.FailBefore, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			w.Arm(control.Fault{Call: control.Publish, Kind: test.kind, RetryAfter: back, Times: 1})
			w.Work()
			id := w.Publish(w.Carl, name)
			w.Await(id, post.Published)
			published := workerstest.AwaitRecorded[post.TargetPublished](w, id)
			claimed := workerstest.Events[post.TargetClaimed](w, id)
			until := claimed[0].Since().Add(back * time.Second)
			require.False(t, published.RecordedAt.Before(until), "it was asked %s too early", until.Sub(published.RecordedAt))
			require.Len(t, claimed, test.requests)
			require.Len(t, w.Posts(), 1)
		})
	}
}
