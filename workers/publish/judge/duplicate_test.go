package judge_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/wire"
	"behalf/workers/workerstest"
)

// refusing is a network that refuses what it has already, and names it: before
// answers what it had before the first try.
type refusing struct {
	networks.Connector
	before func(context.Context, networks.Session, networks.Attempt) (networks.Published, error)
}

func (r refusing) Publish(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Published, error) {
	stands, err := r.before(ctx, s, a)
	if err != nil {
		return networks.Published{}, err
	}
	return networks.Published{}, &networks.Failure{
		Kind: networks.Duplicate, Code: "duplicate_post", Detail: "The same text was posted a short while ago.", ExistingID: stands.RemoteID,
	}
}

// refuse makes the network one of a class that has each post before it is sent:
// made by this installation, whose request arrived twice.
func refuse(w *workerstest.World, class sandbox.Class) {
	w.Helper()
	w.OfClass(class, wire.Options{})
	inner := w.Networks[sandbox.Name]
	w.Networks[sandbox.Name] = refusing{Connector: inner, before: inner.Publish}
}

// R59: what the network has already is the target's own, if the network shows
// that it came from its attempt. It is published, with that post's id.
func TestDuplicateOfItself(t *testing.T) {
	t.Parallel()
	for _, class := range []sandbox.Class{sandbox.ClientKey, sandbox.TwoPhase, sandbox.ExpiringKey, sandbox.Listed} {
		t.Run(sandbox.NameOf(class), func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			refuse(w, class)
			w.Work()
			id := w.Publish(w.Carl, "arrived twice")
			target := w.Await(id, post.Published, post.Failed)
			require.Equal(t, post.Published, target.State)
			require.Len(t, w.Posts(), 1)
			require.Equal(t, w.Posts()[0].ID, target.Remote)
			require.NotEmpty(t, target.URL)
			require.Len(t, workerstest.Events[post.TargetClaimed](w, id), 1)
		})
	}
}

// The network cannot be asked whose it is at first: nothing is sent again, and
// nothing is taken for failed.
func TestDuplicateIsAskedForUntilTheNetworkAnswers(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	refuse(w, sandbox.Listed)
	w.Arm(control.Fault{Call: control.Read, Kind: control.FailBefore, Times: 1})
	w.Work()
	target := w.Await(w.Publish(w.Carl, "arrived twice, and the network went away"), post.Published, post.Failed)
	require.Equal(t, post.Published, target.State)
	require.Len(t, w.Posts(), 1)
}

// What stands there and did not come from the target's attempts is somebody
// else's: the target has failed, with the network's reason, and nothing is sent.
func TestDuplicateOfSomebodyElses(t *testing.T) {
	t.Parallel()
	for _, class := range []sandbox.Class{sandbox.Listed, sandbox.Silent} {
		t.Run(sandbox.NameOf(class), func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			w.OfClass(class, wire.Options{})
			w.Networks[sandbox.Name] = refusing{
				Connector: w.Networks[sandbox.Name],
				before: func(context.Context, networks.Session, networks.Attempt) (networks.Published, error) {
					return networks.Published{RemoteID: "by-hand"}, nil
				},
			}
			w.Work()
			id := w.Publish(w.Carl, "somebody said so before")
			w.Await(id, post.Failed)
			require.Equal(t, "duplicate_post", workerstest.Events[post.TargetFailed](w, id)[0].Code)
			require.Empty(t, w.Requests())
		})
	}
}

// After an earlier attempt that may have been sent, a network that cannot be
// asked leaves it to a person whose the post is.
func TestDuplicateAfterAnUnclearAttempt(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	refuse(w, sandbox.Silent)
	id := w.Publish(w.Carl, "whose is it?")
	w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: workerstest.Times.Claim})
	w.AsSystem(&outcome.ReleaseTarget{
		AttemptRef: outcome.AttemptRef{Post: id, Account: w.Account, Attempt: w.Target(id).Attempt}, Code: "test", Detail: "Perhaps sent.", NotBefore: time.Now(),
	})
	w.Work()
	w.Await(id, post.Unknown)
	require.Len(t, workerstest.Events[post.TargetClaimed](w, id), 2)
}
