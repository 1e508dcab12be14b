package publish_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/clock"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/shelf"
	"behalf/workers/workerstest"
)

// A network that cannot be asked for a day leaves the outcome to a person
// (R59): a target is never claimed for ever.
func TestNetworkUnreachableForADay(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Publish(w.Carl, "nobody can say")
	claimed, ok := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: workerstest.Times.Claim})[0].Event.(post.TargetClaimed)
	require.True(t, ok)
	w.Arm(control.Fault{Call: control.Read, Kind: control.FailBefore})
	later := func() time.Time { return claimed.Deadline.Add(25 * time.Hour) }
	p := publish.New(publish.Deps{
		Store: w.Store, Vault: w.Vault, Networks: w.Networks, Persons: w.Persons, Logger: w.Logger(),
		Clock: clock.New(later, func(context.Context) (time.Time, error) { return later(), nil }),
		Shelf: shelf.New(w.Pool), Pace: pace.New(nil, w.Logger(), later),
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
