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
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/quarantine"
	"behalf/workers/workerstest"
)

// slow is a network that looks at once and takes until a moment to say what it saw:
// nothing, the first time; what came later, after that.
type slow struct {
	networks.Connector
	then  networks.Verdict
	lag   time.Duration
	until time.Time
	asked *atomic.Int64
}

func (n slow) Capabilities() networks.Capabilities {
	is := n.Connector.Capabilities()
	is.AbsentAfter = n.lag
	return is
}

func (n slow) Reconcile(context.Context, networks.Session, networks.Attempt) (networks.Verdict, error) {
	if n.asked.Add(1) > 1 {
		return n.then, nil
	}
	time.Sleep(time.Until(n.until))
	return networks.Verdict{State: networks.Absent}, nil
}

// instead makes it the network that is asked.
func (n slow) instead(w *workerstest.World) *publish.Publisher {
	n.Connector = w.Networks[sandbox.Name]
	w.Networks[sandbox.Name] = n
	return w.Publisher()
}

// R59: what a network looked for before it shows everything is not absent because
// the answer took until then.
func TestAnAbsenceIsOfWhenTheNetworkWasAsked(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Publish(w.Carl, "shown late")
	claimed, ok := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: time.Second})[0].Event.(post.TargetClaimed)
	require.True(t, ok)
	came := networks.Verdict{State: networks.Live, Published: networks.Published{RemoteID: "came late"}}
	n := slow{then: came, lag: time.Second, until: claimed.Deadline.Add(2 * time.Second), asked: &atomic.Int64{}}
	p := n.instead(w)
	w.RunPublisher(p)
	p.ArmReconcile(jobs.Claim{Workspace: w.Workspace, Post: id, Account: w.Account, Attempt: claimed.Attempt, Deadline: claimed.Deadline})
	require.Equal(t, "came late", w.Await(id, post.Published, post.Due).Remote)
	require.EqualValues(t, 2, n.asked.Load())
}

// R59: a machine that stood still for long past an attempt's end asks while what it
// sent is still on its way: what is not shown then is looked for once more.
func TestAnAbsenceIsSeenForAsLongAsTheNetworkNeeds(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Publish(w.Carl, "on its way for long")
	begun := time.Now().Add(-time.Hour).UTC()
	claimed := post.TargetClaimed{
		Account: w.Account, Attempt: eventstore.Fresh(), Revision: 1, Key: sending.Key(id, w.Account, 1), Mode: workspace.OwnerMode,
		Holder: w.Olivia, Connection: w.ConnectionOf(w.Olivia), Begun: begun, Deadline: begun.Add(time.Minute),
	}
	w.Append(post.Stream(id), claimed)
	came := networks.Verdict{State: networks.Live, Published: networks.Published{RemoteID: "came late"}}
	n := slow{then: came, lag: time.Second, asked: &atomic.Int64{}}
	p := n.instead(w)
	w.RunPublisher(p)
	p.ArmReconcile(jobs.Claim{Workspace: w.Workspace, Post: id, Account: w.Account, Attempt: claimed.Attempt, Deadline: claimed.Deadline})
	require.Equal(t, "came late", w.Await(id, post.Published, post.Due).Remote)
	require.EqualValues(t, 2, n.asked.Load())
}

// R69: so it is after a restore, where an attempt that the log has forgotten may have
// been under way when the quarantine began.
func TestAnAbsenceAfterARestore(t *testing.T) {
	t.Parallel()
	life := workerstest.Times.Claim
	for name, test := range map[string]struct {
		lag, ago, takes time.Duration // of what is shown; since the quarantine began; to answer
		outcome         quarantine.Outcome
	}{
		"an attempt may be under way": {ago: 0, outcome: quarantine.Later},
		"it has ended":                {ago: life, outcome: quarantine.Absent},
		"it may not be shown yet":     {ago: life, lag: time.Hour, outcome: quarantine.Later},
		"the answer took so long":     {ago: life, lag: time.Second, takes: 2 * time.Second, outcome: quarantine.Later},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			id := w.Publish(w.Carl, "perhaps on its way")
			n := slow{then: networks.Verdict{State: networks.Absent}, lag: test.lag, until: time.Now().Add(test.takes), asked: &atomic.Int64{}}
			judge := n.instead(w).Judge()
			begun := time.Now().Add(-test.ago)
			found, err := judge.Reconsider(w.Ctx,
				jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due},
				quarantine.Open{Since: begun, Begun: begun},
				quarantine.Past{WasDue: true, Revisions: []quarantine.Revision{{Number: 1, Due: w.Target(id).Due}}})
			require.NoError(t, err)
			require.Equal(t, test.outcome, found.Outcome)
			require.Equal(t, test.outcome == quarantine.Later, found.Again > 0)
		})
	}
}
