package call_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/workers/workerstest"
)

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
