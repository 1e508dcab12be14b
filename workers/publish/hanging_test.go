package publish_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/workerstest"
)

// hung is a network of which one host never answers.
type hung struct {
	networks.Connector
	opened chan struct{}
	asked  atomic.Int64
}

const hungHost = "https://hung.example"

func (h *hung) hang(ctx context.Context, on string) error {
	if !strings.HasPrefix(on, hungHost) {
		return nil
	}
	h.asked.Add(1)
	select {
	case <-h.opened:
	case <-ctx.Done():
	}
	return &networks.Failure{Kind: networks.Ambiguous, Code: "no_answer", Detail: "It does not answer."}
}

func (h *hung) Publish(ctx context.Context, with networks.Session, _ networks.Attempt) (networks.Published, error) {
	return networks.Published{RemoteID: "1", URL: "https://well.example/1"}, h.hang(ctx, with.Account)
}

func (h *hung) VerifyAccess(ctx context.Context, with networks.Session) (networks.Access, error) {
	return networks.Access{Account: networks.Account{RemoteID: with.Account}}, h.hang(ctx, with.Account)
}

// While a network hangs with many more targets than a worker begins at once,
// another network's are sent, and so are those of another host of the same one.
func TestWhatHangsHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	const many = 60 // on the hung host: one is sent, 16 are at work, 4 are sorted at a time
	for name, test := range map[string]struct {
		arm    func(*publish.Publisher, jobs.Target)
		within time.Duration // of now they are due
		host   string        // of the same network, that does answer; empty: another network
	}{
		"publishing":    {arm: (*publish.Publisher).Arm},
		"looking ahead": {arm: (*publish.Publisher).ArmPreflight, within: time.Minute},
		"one host":      {arm: (*publish.Publisher).Arm, host: "https://well.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			h := &hung{Connector: w.Networks[sandbox.Name], opened: make(chan struct{})}
			credential := networks.NewOAuth2(networks.OAuth2{AccessToken: networks.NewSecret("token")})
			if test.host != "" {
				w.Hold(h, "hung", test.host, credential)
			}
			well := w.Account
			w.Hold(h, "hung", hungHost, credential)
			p := w.Publisher(func(deps *publish.Deps) { deps.Life, deps.AtOnce, deps.Sorted = time.Minute, 2, 4 })
			w.RunPublisher(p)
			t.Cleanup(func() { close(h.opened) })
			arm := func(id domain.PostID, arm func(*publish.Publisher, jobs.Target)) {
				arm(p, jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
			}
			var stuck []domain.PostID
			for range many {
				stuck = append(stuck, w.PublishAt(w.Olivia, "never answered", time.Now().Add(test.within)))
			}
			for _, id := range stuck {
				arm(id, test.arm)
			}
			require.Eventually(t, func() bool { return h.asked.Load() > 0 }, 20*time.Second, time.Millisecond)

			silent := w.Account
			w.Account = well
			id := w.Publish(w.Olivia, "sent all the same")
			arm(id, (*publish.Publisher).Arm)
			w.Await(id, post.Published)

			w.Account = silent
			for _, id := range stuck {
				require.Contains(t, []post.TargetState{post.Due, post.Claimed}, w.Target(id).State, "nothing was answered meanwhile")
				require.Empty(t, workerstest.Events[post.TargetReleased](w, id))
			}
		})
	}
}

// What waits for its turn when a worker stops is handed back, like what waits for
// its moment; what was begun ends.
func TestWhatWaitsForItsTurnIsHandedBack(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	h := &hung{Connector: w.Networks[sandbox.Name], opened: make(chan struct{})}
	w.Hold(h, "hung", hungHost, networks.NewOAuth2(networks.OAuth2{AccessToken: networks.NewSecret("token")}))
	p := w.Publisher(func(deps *publish.Deps) { deps.Life, deps.AtOnce, deps.Sorted = time.Minute, 1, 4 })
	ctx, stop := context.WithCancel(w.Ctx)
	defer stop()
	ended := make(chan []jobs.Job, 1)
	go func() { ended <- p.Run(ctx, w.Ctx) }()
	var brought []domain.PostID
	for range 24 { // 16 are at work
		id := w.Publish(w.Olivia, "brought")
		p.Arm(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
		brought = append(brought, id)
	}
	require.Eventually(t, func() bool { return h.asked.Load() > 0 && p.Waiting() == 0 }, 20*time.Second, time.Millisecond)
	stop()
	close(h.opened)
	back := map[domain.PostID]bool{}
	for _, job := range <-ended {
		if target, is := job.Payload.(jobs.Target); is {
			require.Equal(t, jobs.TypePublish, job.Type)
			back[target.Post] = true
		}
	}
	require.NotEmpty(t, back)
	for _, id := range brought {
		begun := len(workerstest.Events[post.TargetClaimed](w, id)) > 0
		require.NotEqual(t, begun, back[id], "one or the other")
	}
}
