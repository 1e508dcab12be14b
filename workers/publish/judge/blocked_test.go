package judge_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/workers/workerstest"
)

// blocking is a network that holds back whoever wants to post, or to refresh.
type blocking struct{ networks.Connector }

var errBlocked = &networks.Failure{
	Kind: networks.Blocked, Code: "held_back", Detail: "The network holds this page back for a while.",
	Scope: networks.ScopeAccount, RetryAfter: 6 * time.Hour,
}

func (blocking) Publish(context.Context, networks.Session, networks.Attempt) (networks.Published, error) {
	return networks.Published{}, errBlocked
}

func (blocking) Refresh(context.Context, networks.Credential) (networks.Credential, error) {
	return networks.Credential{}, errBlocked
}

// R56, R59: what a network holds back was not carried out. It is no guess for a
// person to resolve: the target waits, and is missed when its grace ends.
func TestBlockedIsMissed(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Networks[sandbox.Name] = blocking{w.Networks[sandbox.Name]}
	w.Work()
	id := w.PublishAt(w.Carl, "held back", time.Now().Add(-sending.Grace+8*time.Second))
	w.Await(id, post.Missed, post.Unknown, post.Failed)
	require.Empty(t, workerstest.Events[post.TargetUnknown](w, id))
	require.Len(t, workerstest.Events[post.TargetMissed](w, id), 1)
	released := workerstest.Events[post.TargetReleased](w, id)
	require.Len(t, released, 1, "it is left alone until then")
	require.Equal(t, "held_back", released[0].Code)
	require.Empty(t, w.Outages())
}

// The same, where it is the refreshing that is held back.
func TestBlockedRefreshWaits(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Networks[sandbox.Name] = blocking{w.Networks[sandbox.Name]}
	w.Expire()
	w.Work()
	id := w.Publish(w.Carl, "held back before it is sent")
	released := workerstest.AwaitEvent[post.TargetReleased](w, id)
	require.Equal(t, "held_back", released.Code)
	require.Equal(t, w.Target(id).Due.Add(sending.Grace+time.Second), released.NotBefore)
	require.Empty(t, w.Outages())
}
