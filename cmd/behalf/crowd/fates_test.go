package crowd_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/sitetest"
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/domain/workspace/membership"
	"behalf/domain/workspace/pausing"
	"behalf/eventstore"
	"behalf/internal/networks/sandbox/network/control"
)

// crowdWorkers are how many workers there are.
const crowdWorkers = 3

// crowded has posts on as many accounts go out within some time, while one of
// three workers after the other is killed, and every tenth target is met by its
// fate in its last second. Each post is on the network exactly once, or not, and
// its target says why.
func crowded(ctx context.Context, t *testing.T, c *crowd, lasts, killEvery time.Duration) {
	t.Helper()
	var crew [crowdWorkers]*sitetest.Process
	for i := range crew {
		crew[i] = c.worker(t)
	}
	from := time.Now().Add(12 * time.Second)
	to := from.Add(lasts)
	c.schedule(ctx, t, from, to)
	require.True(t, time.Now().Before(from), "scheduling takes too long")
	var meeting sync.WaitGroup
	meeting.Go(func() { c.meetFates(ctx, t) })
	for i := 0; time.Now().Before(to); i++ {
		time.Sleep(killEvery) // what is tested is the killing at any moment
		crew[i%crowdWorkers].End(syscall.SIGKILL)
		crew[i%crowdWorkers] = c.worker(t)
	}
	meeting.Wait()
	c.settled(ctx, t, func(one *outlet) bool { return one.fate == paused })
	for _, one := range c.targets {
		if one.fate == paused {
			one.resumed = time.Now()
			c.as(ctx, t, one.owner, one.workspace, &pausing.ResumePublishing{Account: one.account})
		}
	}
	c.settled(ctx, t, func(*outlet) bool { return false })
	c.account(ctx, t)
}

// meetFates changes what a target goes out through in its last second.
func (c *crowd) meetFates(ctx context.Context, t *testing.T) {
	t.Helper()
	var meeting sync.WaitGroup
	defer meeting.Wait()
	for _, one := range c.targets {
		if one.fate == nothing {
			continue
		}
		at := one.due.Add(-rand.N(time.Second))
		meeting.Go(func() {
			time.Sleep(time.Until(at)) // the moment itself is what chance has drawn
			defer func() { one.changed = time.Now() }()
			switch one.fate {
			case removed:
				c.as(ctx, t, one.owner, one.workspace, &membership.RemoveMember{Member: one.author})
			case modeChanged:
				c.changeMode(ctx, t, one, workspace.MemberMode)
			case paused:
				c.as(ctx, t, one.owner, one.workspace, &pausing.PausePublishing{Account: one.account})
			}
		})
	}
}

// settled waits until all targets but some have ended.
func (c *crowd) settled(ctx context.Context, t *testing.T, but func(*outlet) bool) {
	t.Helper()
	waiting, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	var left map[post.TargetState]int
	ended := sitetest.Until(waiting, 200*time.Millisecond, func() bool {
		left = map[post.TargetState]int{}
		for _, one := range c.targets {
			switch state := c.target(ctx, t, one).State; state {
			case post.Published, post.Failed, post.Missed, post.Unknown, post.NeedsReauthentication:
			default:
				if !but(one) {
					left[state]++
				}
			}
		}
		return len(left) == 0
	})
	if !ended {
		t.Fatalf("targets are stuck: %v\n%s", left, c.Logs)
	}
}

func (c *crowd) target(ctx context.Context, t *testing.T, one *outlet) post.Target {
	t.Helper()
	loaded, err := c.store.Load(ctx, eventstore.Scope{Workspace: one.workspace}, post.Stream(one.post))
	require.NoError(t, err)
	return domain.Fact[*post.Post](loaded.Facts, post.Stream(one.post)).Targets[one.account]
}

// account compares what every target says with what the network has.
func (c *crowd) account(ctx context.Context, t *testing.T) {
	t.Helper()
	log, err := c.counts.Log(ctx)
	require.NoError(t, err)
	posts, requests := map[string][]control.Post{}, map[string][]control.Request{}
	for _, one := range log.Posts {
		posts[one.Page] = append(posts[one.Page], one)
	}
	for _, one := range log.Requests {
		requests[one.Page] = append(requests[one.Page], one)
	}
	ended := map[post.TargetState]int{}
	for _, one := range c.targets {
		target := c.target(ctx, t, one)
		ended[target.State]++
		c.accountFor(t, one, target, posts[one.page], requests[one.page])
	}
	t.Logf("%d targets: %v; %d requests, %d posts on the network", len(c.targets), ended, len(log.Requests), len(log.Posts))
}

func (c *crowd) accountFor(t *testing.T, one *outlet, target post.Target, posts []control.Post, requests []control.Request) {
	t.Helper()
	switch {
	case target.State == post.NeedsReauthentication && one.fate == modeChanged && !one.connected:
		require.Empty(t, posts, "%s: on the network, and the target does not say so", one.page)
		return
	default:
		require.Equal(t, post.Published, target.State, "%s", one.page)
	}
	require.Len(t, posts, 1, "posts on %s", one.page)
	require.False(t, requests[0].At.Before(one.due), "%s was sent %s early", one.page, one.due.Sub(requests[0].At))
	through := "carl"
	if target.Claim.Holder == one.owner {
		through = "olivia"
	}
	require.Equal(t, through, posts[0].Person, "%s: whose token the network saw, and whom history names (R43)", one.page)
	if one.fate == nothing {
		require.Equal(t, "olivia", posts[0].Person)
		return
	}
	// R64: what was changed before the last check, which comes right before the request
	if sent := requests[len(requests)-1].At; one.changed.Add(onTheWay).Before(sent) {
		switch one.fate {
		case removed:
			require.Equal(t, "olivia", posts[0].Person, "%s: through a removed member's connection", one.page)
		case modeChanged:
			require.Equal(t, "carl", posts[0].Person, "%s: in the mode that was changed", one.page)
		case paused:
			require.True(t, sent.After(one.resumed), "%s: sent while paused", one.page)
		}
	}
}

// onTheWay is how long a request may be between the last check and the network
// on a machine that does much else.
const onTheWay = 600 * time.Millisecond

// TestACrowd is the small one; `make chaos` plays it with two thousand targets.
func TestACrowd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 2*sitetest.TestTime)
	t.Cleanup(cancel)
	crowded(ctx, t, openCrowd(ctx, t, 120, 2), 9*time.Second, 3*time.Second)
}
