package removal_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/workerstest"
)

// tokenless is a network whose tokens are refreshed by nobody who answers.
type tokenless struct {
	networks.Connector
	begun, opened chan struct{}
}

func (n tokenless) Publish(context.Context, networks.Session, networks.Attempt) (networks.Published, error) {
	return networks.Published{RemoteID: "1", URL: "https://well.example/1"}, nil
}

func (n tokenless) Refresh(ctx context.Context, _ networks.Credential) (networks.Credential, error) {
	n.begun <- struct{}{}
	select {
	case <-n.opened:
	case <-ctx.Done():
	}
	return networks.Credential{}, &networks.Failure{Kind: networks.Unavailable, Code: "no_answer", Detail: "It does not answer."}
}

// A deletion that waits for a fresh token keeps no slot of its network: what is due
// there meanwhile is sent.
func TestADeletionThatWaitsForATokenKeepsNoSlot(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	n := tokenless{w.Networks["sandbox"], make(chan struct{}, 9), make(chan struct{})}
	w.Hold(n, "hung", "blog", networks.NewOAuth2(networks.OAuth2{AccessToken: networks.NewSecret("token")}))
	blog := w.Account
	w.Hold(n, "hung", "news", networks.NewOAuth2(networks.OAuth2{
		AccessToken: networks.NewSecret("old"), RefreshToken: networks.NewSecret("refresh"), Expiry: time.Now().Add(-time.Minute),
	}))
	p := w.Publisher(func(deps *publish.Deps) { deps.AtOnce = 1 })
	w.RunPublisher(p)
	t.Cleanup(func() { close(n.opened) })
	target := func(do func(jobs.Target), one jobs.Target) {
		one.Workspace, one.Account, one.Due = w.Workspace, w.Account, w.Target(one.Post).Due
		do(one)
	}

	live := w.Publish(w.Olivia, "to be deleted")
	w.Append(post.Stream(live), post.TargetPublished{Account: w.Account, Remote: "1"})
	w.As(w.Olivia, &ending.DeletePost{Post: live, AtNetwork: map[string]bool{"hung": true}})
	target(p.ArmDelete, jobs.Target{Post: live})
	select {
	case <-n.begun:
	case <-time.After(20 * time.Second):
		require.FailNow(t, "nobody asks for a token")
	}

	w.Account = blog
	id := w.Publish(w.Olivia, "sent all the same")
	target(p.Arm, jobs.Target{Post: id})
	w.Await(id, post.Published)
}
