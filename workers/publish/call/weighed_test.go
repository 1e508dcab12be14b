package call_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/workers/workerstest"
)

// forbidding publishes nothing, and says of the connection what the test says.
type forbidding struct {
	networks.Connector
	refusal *networks.Failure
	check   func(asked int) error
	asked   *atomic.Int32
}

func (r forbidding) Publish(context.Context, networks.Session, networks.Attempt) (networks.Published, error) {
	return networks.Published{}, r.refusal
}

func (r forbidding) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	if err := r.check(int(r.asked.Add(1))); err != nil {
		return networks.Access{}, err
	}
	return r.Connector.VerifyAccess(ctx, s)
}

// R44, R58: a network that refuses is asked whether it means the connection,
// which its holder is asked to mend, once, or this one target, which fails.
func TestWhatARefusalIsAbout(t *testing.T) {
	t.Parallel()
	fine := func(int) error { return nil }
	says := func(kind networks.FailureKind, code string) func(int) error {
		return func(int) error { return &networks.Failure{Kind: kind, Code: code, Detail: "No."} }
	}
	away := func(asked int) error {
		if asked == 1 {
			return &networks.Failure{Kind: networks.Unavailable, Code: "away"}
		}
		return says(networks.NoPermission, "not_admin")(asked)
	}
	for name, c := range map[string]struct {
		refusal  networks.Failure
		check    func(int) error
		held     string // the code that the holder is asked with; empty: the target fails
		released int
		asked    int
	}{
		"the right is lost":             {networks.Failure{Kind: networks.NoPermission, Code: "200"}, says(networks.NoPermission, "not_admin"), "not_admin", 0, 1},
		"the account is gone":           {networks.Failure{Kind: networks.Gone, Code: "803"}, says(networks.Gone, "page_not_found"), "page_not_found", 0, 1},
		"the authorization has ended":   {networks.Failure{Kind: networks.NoPermission, Code: "200"}, says(networks.Reauth, "190"), "190", 0, 2}, // refreshed once
		"a scope is missing":            {networks.Failure{Kind: networks.NoPermission, Code: "insufficient_scope", OfConnection: true}, fine, "insufficient_scope", 0, 0},
		"the network is away meanwhile": {networks.Failure{Kind: networks.NoPermission, Code: "200"}, away, "not_admin", 1, 2},
		"the identity":                  {networks.Failure{Kind: networks.NoPermission, Code: "unknown_identity"}, fine, "", 0, 1},
		"something that the post names": {networks.Failure{Kind: networks.Gone, Code: "803"}, fine, "", 0, 1},
		"the content":                   {networks.Failure{Kind: networks.Rejected, Code: "too_long"}, says(networks.NoPermission, "not_admin"), "", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			asked := &atomic.Int32{}
			c.refusal.Detail = "No."
			w.Networks[sandbox.Name] = forbidding{w.Networks[sandbox.Name], &c.refusal, c.check, asked}
			w.Work()
			id := w.Publish(w.Carl, name)
			target := w.Await(id, post.NeedsReauthentication, post.Failed)
			require.Len(t, workerstest.Events[post.TargetReleased](w, id), c.released)
			require.EqualValues(t, c.asked, asked.Load())
			if c.held == "" {
				require.Equal(t, c.refusal.Code, workerstest.Events[post.TargetFailed](w, id)[0].Code)
				require.Empty(t, w.Outages())
				return
			}
			require.Equal(t, w.Olivia, target.Holder)
			w.Await(w.Publish(w.Carl, "and another"), post.NeedsReauthentication)
			_, err := w.Inbox.Wait(w.Ctx, workerstest.To(workerstest.OliviaEmail))
			require.NoError(t, err)
			require.Len(t, w.Outages(), 1, "once per outage, not once per post")
			require.Equal(t, c.held, w.Outages()[0].Code)
			require.Equal(t, account.NeedsReauthentication, w.State(w.Olivia))
		})
	}
}

// A right that was lost, and found lost when the holder has connected again
// already, is nobody's to mend: the target goes out through what there is now.
func TestRightWasMendedMeanwhile(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	network := w.Networks[sandbox.Name]
	require.NoError(t, w.Sandbox.RemoveAdmin(w.Ctx, networktest.Page, "olivia"))
	w.Networks[sandbox.Name] = verifying{network, func(ctx context.Context, s networks.Session) (networks.Access, error) {
		access, err := network.VerifyAccess(ctx, s)
		if networks.KindOf(err) == networks.NoPermission {
			w.GiveBack(w.Olivia)
		}
		return access, err
	}}
	w.Work()
	id := w.Publish(w.Carl, "through the new one")
	published := w.Await(id, post.Published, post.Failed, post.NeedsReauthentication)
	require.Equal(t, post.Published, published.State)
	require.Equal(t, w.ConnectionOf(w.Olivia), published.Claim.Connection)
	require.Equal(t, "moved", workerstest.Events[post.TargetReleased](w, id)[0].Code)
	require.Empty(t, w.Outages())
}

// verifying checks accesses as the test says.
type verifying struct {
	networks.Connector
	verify func(context.Context, networks.Session) (networks.Access, error)
}

func (v verifying) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	return v.verify(ctx, s)
}
