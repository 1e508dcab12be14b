package publish_test

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
	"behalf/internal/networks/sandbox/network/control"
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

// R45: a token endpoint that is away keeps nothing from going out through a
// token that is still good, and nobody is asked.
func TestTokenEndpointAway(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Arm(control.Fault{Call: control.Refresh, Kind: control.FailBefore, Times: 100})
	_, err := w.Pool.Exec(w.Ctx, "update vault.connections set expires_at = now() + interval '110 seconds'") // the sandbox asks for two minutes
	require.NoError(t, err)
	w.Work()
	id := w.Publish(w.Carl, "through the token that there is")
	w.Await(id, post.Published)
	require.Empty(t, workerstest.Events[post.TargetReleased](w, id))
	armed, err := w.Sandbox.Faults(w.Ctx)
	require.NoError(t, err)
	require.Len(t, armed, 1)
	require.Less(t, armed[0].Times, 100, "it was to be refreshed")
	require.Empty(t, w.Outages())
}

// Through one that ends within a minute nothing is sent, however short an attempt:
// the network may count its time otherwise.
func TestTokenEndpointAwayAndNotEnough(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Arm(control.Fault{Call: control.Refresh, Kind: control.FailBefore, Times: 100})
	_, err := w.Pool.Exec(w.Ctx, "update vault.connections set expires_at = now() + interval '55 seconds'")
	require.NoError(t, err)
	w.Work()
	id := w.Publish(w.Carl, "through no token that is about to end")
	workerstest.AwaitEvent[post.TargetReleased](w, id)
	require.Empty(t, w.Requests())
}
