package judge_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/clock"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/wire"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/publish/pace"
	"behalf/workers/workerstest"
)

// A network that cannot be asked for a day leaves the outcome to a person (R59): a
// target is never claimed for ever. Where nobody was there to ask it, it is asked
// for a while before that.
func TestNetworkUnreachableForADay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failures int // 0: for ever
		becomes  post.TargetState
		asked    int
	}{"it comes back": {1, post.Due, 2}, "it stays away": {0, post.Unknown, 3}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			id := w.Publish(w.Carl, "nobody can say")
			claimed, ok := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: workerstest.Times.Claim})[0].Event.(post.TargetClaimed)
			require.True(t, ok)
			var asked atomic.Int64
			w.Networks[sandbox.Name] = counting{w.Networks[sandbox.Name], &asked}
			w.Arm(control.Fault{Call: control.Read, Kind: control.FailBefore, Times: test.failures})
			begun := time.Now()
			later := func() time.Time { // each question takes almost half an hour
				return claimed.Deadline.Add(25*time.Hour + time.Since(begun) + time.Duration(asked.Load())*25*time.Minute)
			}
			p := w.Publisher(func(deps *publish.Deps) {
				deps.AtOnce, deps.Pace = 1, pace.New(nil, w.Logger(), later)
				deps.Clock = clock.New(later, func(context.Context) (time.Time, error) { return later(), nil })
			})
			stop := w.RunPublisher(p)
			defer stop()
			p.ArmReconcile(jobs.Claim{
				Workspace: w.Workspace, Post: id, Account: w.Account, Attempt: claimed.Attempt, Deadline: claimed.Deadline,
			})
			w.Await(id, post.Due, post.Unknown)
			require.Equal(t, test.becomes, w.Target(id).State)
			require.EqualValues(t, test.asked, asked.Load())
			require.Empty(t, w.Requests())
		})
	}
}

// counting counts how often the network is asked what became of an attempt.
type counting struct {
	networks.Connector
	calls *atomic.Int64
}

func (n counting) Reconcile(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	n.calls.Add(1)
	return n.Connector.Reconcile(ctx, s, a)
}

// R59: that nothing was noted proves nothing once notes are forgotten.
func TestAnOldAttemptWithoutANoteIsUnknown(t *testing.T) {
	t.Parallel()
	for days, state := range map[int]post.TargetState{6: post.Due, 8: post.Unknown} {
		w := workerstest.New(t, workspace.OwnerMode)
		w.OfClass(sandbox.Silent, wire.Options{})
		id := w.Publish(w.Carl, "long ago")
		begun := time.Now().Add(-time.Duration(days) * 24 * time.Hour).UTC()
		claimed := post.TargetClaimed{
			Account: w.Account, Attempt: eventstore.Fresh(), Revision: 1, Key: sending.Key(id, w.Account, 1), Mode: workspace.OwnerMode,
			Holder: w.Olivia, Connection: w.ConnectionOf(w.Olivia), Begun: begun, Deadline: begun.Add(time.Minute),
		}
		w.Append(post.Stream(id), claimed)
		p := w.Publisher()
		w.RunPublisher(p)
		p.ArmReconcile(jobs.Claim{Workspace: w.Workspace, Post: id, Account: w.Account, Attempt: claimed.Attempt, Deadline: claimed.Deadline})
		w.Await(id, state)
		require.Empty(t, w.Requests())
	}
}
