// Package crash_test kills, freezes and stops single processes.
package crash_test

import (
	"context"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/sitetest"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/control"
)

// What must hold after every crash and freeze: exactly one post on the sandbox,
// counted there, and a target that says so.

// TestWorkerKilledBetweenClaimAndSend holds the worker at the refreshing of the
// expired access token, which comes after the claim and before the send.
func TestWorkerKilledBetweenClaimAndSend(t *testing.T) {
	t.Parallel()
	ctx, s := openScene(t)
	post := s.holdBeforeSend(ctx, t)
	first := s.Work(t)
	s.Await(ctx, t, post, "claimed")
	first.End(syscall.SIGKILL)
	require.NoError(t, s.Sandbox.Clear(ctx))

	s.Work(t)
	s.Await(ctx, t, post, "published")
	s.postsExactly(ctx, t, 1)
}

// TestWorkerKilledAfterSendBeforeOutcome: the network has stored the post and
// does not answer any more.
func TestWorkerKilledAfterSendBeforeOutcome(t *testing.T) {
	t.Parallel()
	ctx, s := openScene(t)
	require.NoError(t, s.Sandbox.Arm(ctx, control.Fault{Call: control.Publish, Kind: control.HangAfter, Times: 1}))
	post := s.Publish(ctx, t, "PublishPost", map[string]any{"text": "stored, and nobody knows"})
	first := s.Work(t)
	_, err := s.Sandbox.AwaitPosts(ctx, 1)
	require.NoError(t, err)
	first.End(syscall.SIGKILL)

	s.Work(t)
	s.Await(ctx, t, post, "published")
	s.postsExactly(ctx, t, 1)
	s.requestsExactly(ctx, t, 1)
}

// TestWorkerFrozenBetweenClaimAndSend: another worker has taken over by the
// time that the frozen one wakes up and goes on where it was.
func TestWorkerFrozenBetweenClaimAndSend(t *testing.T) {
	t.Parallel()
	ctx, s := openScene(t)
	post := s.holdBeforeSend(ctx, t)
	frozen := s.Work(t)
	s.Await(ctx, t, post, "claimed")
	require.NoError(t, frozen.Process.Signal(syscall.SIGSTOP))

	s.Work(t)
	s.Await(ctx, t, post, "published")
	require.NoError(t, frozen.Process.Signal(syscall.SIGCONT))
	frozen.End(syscall.SIGTERM) // it finishes what it has begun
	s.postsExactly(ctx, t, 1)
	s.requestsExactly(ctx, t, 1)
}

// TestWorkerFrozenAfterSend: it wakes up past its deadline, with the answer of
// the network waiting for it.
func TestWorkerFrozenAfterSend(t *testing.T) {
	t.Parallel()
	ctx, s := openScene(t)
	require.NoError(t, s.Sandbox.Arm(ctx, control.Fault{Call: control.Publish, Kind: control.HangAfter, Times: 1}))
	post := s.Publish(ctx, t, "PublishPost", map[string]any{"text": "sent by a sleeper"})
	frozen := s.Work(t)
	_, err := s.Sandbox.AwaitPosts(ctx, 1)
	require.NoError(t, err)
	require.NoError(t, frozen.Process.Signal(syscall.SIGSTOP))

	s.Work(t)
	s.Await(ctx, t, post, "published")
	require.NoError(t, frozen.Process.Signal(syscall.SIGCONT))
	frozen.End(syscall.SIGTERM)
	s.postsExactly(ctx, t, 1)
	s.requestsExactly(ctx, t, 1)
}

// holdBeforeSend makes the refreshing that precedes the send take longer than the claim.
func (s scene) holdBeforeSend(ctx context.Context, t *testing.T) string {
	t.Helper()
	_, err := s.Database.Exec(ctx, "update vault.connections set expires_at = now() - interval '1 minute'")
	require.NoError(t, err)
	require.NoError(t, s.Sandbox.Arm(ctx, control.Fault{Call: control.Refresh, Kind: control.HangBefore, Times: 1}))
	return s.Publish(ctx, t, "PublishPost", map[string]any{"text": "held between claim and send"})
}

func (s scene) postsExactly(ctx context.Context, t *testing.T, count int) {
	t.Helper()
	log, err := s.Sandbox.Log(ctx)
	require.NoError(t, err)
	require.Len(t, log.On(network.DemoPage).Posts, count, "posts on the sandbox")
}

func (s scene) requestsExactly(ctx context.Context, t *testing.T, count int) {
	t.Helper()
	log, err := s.Sandbox.Log(ctx)
	require.NoError(t, err)
	require.Len(t, log.Requests, count, "publish requests that reached the sandbox")
}

// scene is a site on which processes die.
type scene struct{ *sitetest.Site }

func openScene(t *testing.T) (context.Context, scene) {
	t.Helper()
	ctx, s := sitetest.Open(t)
	return ctx, scene{s}
}
