package publish_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/workerstest"
)

// A network that cannot be asked for a day leaves the outcome to a person
// (R59): a target is never claimed for ever.
func TestNetworkUnreachableForADay(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Publish(w.Carl, "nobody can say")
	claimed, ok := w.AsSystem(&post.ClaimTarget{Post: id, Account: w.Account, Life: workerstest.Times.Claim})[0].Event.(post.TargetClaimed)
	require.True(t, ok)
	w.Arm(control.Fault{Call: control.Read, Kind: control.FailBefore})
	p := publish.New(publish.Deps{
		Store: w.Store, Vault: w.Vault, Networks: w.Networks, Logger: w.Logger(),
		Now:  func() time.Time { return claimed.Deadline.Add(25 * time.Hour) },
		Life: workerstest.Times.Claim, AtOnce: 1,
	})
	stop := runPublisher(w, p)
	defer stop()
	p.ArmReconcile(jobs.Claim{
		Workspace: w.Workspace, Post: id, Account: w.Account, Attempt: claimed.Attempt, Deadline: claimed.Deadline,
	})
	w.Await(id, post.Unknown)
	require.Empty(t, w.Requests())
}
