package judge_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/workers/workerstest"
)

// Every way in which a network can fail once, and how the target comes out of
// it: published exactly once, whatever happened, without anybody being asked (R45).
func TestFaultsThatPass(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]control.Fault{
		"rate limited":         {Call: control.Publish, Kind: control.RateLimited, RetryAfter: 1},
		"fails before storing": {Call: control.Publish, Kind: control.FailBefore},
		"fails after storing":  {Call: control.Publish, Kind: control.FailAfter},
		"hangs before storing": {Call: control.Publish, Kind: control.HangBefore},
		"hangs after storing":  {Call: control.Publish, Kind: control.HangAfter},
		"reset before storing": {Call: control.Publish, Kind: control.ResetBefore},
		"reset after storing":  {Call: control.Publish, Kind: control.ResetAfter},
		"token refused once":   {Call: control.Publish, Kind: control.Unauthorized},
		"slow":                 {Call: control.Publish, Kind: control.Slow, DelayMS: 300},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			fault.Times = 1
			w.Arm(fault)
			w.Work()
			id := w.Publish(w.Carl, name)
			w.Await(id, post.Published)
			require.Len(t, w.Posts(), 1)
			require.Len(t, workerstest.Events[post.TargetPublished](w, id), 1)
			require.Empty(t, w.Outages())
			armed, err := w.Sandbox.Faults(w.Ctx)
			require.NoError(t, err)
			require.Empty(t, armed, "the fault must have struck")
		})
	}
}

// What is stored and not answered is asked for, never sent again (R59).
func TestAmbiguousIsNotSentAgain(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Arm(control.Fault{Call: control.Publish, Kind: control.HangAfter, Times: 1})
	w.Work()
	id := w.Publish(w.Carl, "stored, and nobody said so")
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
	require.Len(t, workerstest.Events[post.TargetClaimed](w, id), 1)
}

// The network cannot be asked either for a while: the target stays claimed until it can.
func TestReconcilingWaitsForTheNetwork(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Arm(control.Fault{Call: control.Publish, Kind: control.HangAfter, Times: 1})
	w.Arm(control.Fault{Call: control.Read, Kind: control.FailBefore, Times: 2})
	w.Work()
	id := w.Publish(w.Carl, "stored, and the network is down")
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
	require.Empty(t, workerstest.Events[post.TargetUnknown](w, id))
}

// A refusal for good fails the target, with the network's code.
func TestRefusedForGood(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Arm(control.Fault{Call: control.Publish, Kind: control.Forbidden, Times: 1})
	w.Work()
	id := w.Publish(w.Carl, "not allowed")
	w.Await(id, post.Failed)
	failed := workerstest.Events[post.TargetFailed](w, id)
	require.Equal(t, "not_admin", failed[0].Code)
	require.Empty(t, w.Posts())
	require.Empty(t, w.Outages())
}

// R44: an authorization that has ended holds the target, and its holder is asked once.
func TestRevoked(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	require.NoError(t, w.Sandbox.Revoke(w.Ctx, "olivia"))
	w.Work()
	first := w.Publish(w.Carl, "one")
	target := w.Await(first, post.NeedsReauthentication)
	require.Equal(t, w.Olivia, target.Holder, "in mode owner, the Owner mends it")
	asked, err := w.Inbox.Wait(w.Ctx, workerstest.To(workerstest.OliviaEmail))
	require.NoError(t, err)
	require.Contains(t, asked.Text, "Acme News")
	w.Await(w.Publish(w.Carl, "two"), post.NeedsReauthentication)
	require.Len(t, w.Outages(), 1)
	require.Len(t, w.Inbox.Messages(), 1)
	require.Empty(t, w.Posts())
}

// An expired access token is refreshed, by time or after a refusal.
func TestExpiredTokens(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	require.NoError(t, w.Sandbox.ExpireAccessTokens(w.Ctx))
	w.Work()
	w.Await(w.Publish(w.Carl, "refreshed after a refusal"), post.Published)
	w.Expire()
	w.Await(w.Publish(w.Carl, "refreshed before"), post.Published)
	require.Len(t, w.Posts(), 2)
	require.Empty(t, w.Outages())
}

// A rate limit beyond the grace ends as missed when the grace does; until then
// nothing is tried.
func TestLongRateLimit(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Arm(control.Fault{Call: control.Publish, Kind: control.RateLimited, RetryAfter: 7200, Times: 1})
	w.Work()
	id := w.Publish(w.Carl, "limited")
	released := workerstest.AwaitEvent[post.TargetReleased](w, id)
	require.Equal(t, "rate_limited", released.Code)
	require.Equal(t, w.Target(id).Due.Add(sending.Grace+time.Second), released.NotBefore)
	require.Len(t, w.Requests(), 1)
}
