package publish_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/mail/capture"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/workerstest"
)

// A worker claims and dies: the next one finds that nothing was sent, and sends once.
func TestDeadBetweenClaimAndSend(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Publish(w.Carl, "claimed by the dead")
	dead := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: workerstest.Times.Claim})
	require.Equal(t, "post.target_claimed.v1", dead[0].Type)
	w.Work()
	target := w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
	claims := workerstest.Events[post.TargetClaimed](w, id)
	require.Len(t, claims, 2)
	require.Equal(t, claims[0].Key, target.Claim.Key, "the network recognises a repetition by it")
	require.Equal(t, "absent", workerstest.Events[post.TargetReleased](w, id)[0].Code)
}

// A worker sends and dies before it records that: the post is found, not sent again.
func TestDeadBetweenSendAndRecord(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := diedAfterSending(w, "sent by the dead")
	w.Work()
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
	require.Len(t, w.Posts(), 1)
}

// diedAfterSending is a post that was claimed and sent by a worker that has told nobody.
func diedAfterSending(w *workerstest.World, text string) domain.PostID {
	w.Helper()
	id := w.Publish(w.Carl, text)
	claimed, ok := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: workerstest.Times.Claim})[0].Event.(post.TargetClaimed)
	require.True(w, ok)
	sentByTheDead(w, claimed, text)
	return id
}

// sentByTheDead sends what was claimed and records nothing.
func sentByTheDead(w *workerstest.World, claimed post.TargetClaimed, text string) {
	w.Helper()
	_, secret, err := w.Vault.Open(w.Ctx, claimed.Connection)
	require.NoError(w, err)
	credential, err := networks.OpenCredential(secret.Reveal())
	require.NoError(w, err)
	_, err = w.Networks[sandbox.Name].Publish(w.Ctx,
		networks.Session{Credential: credential, Account: "acme-news"}, networks.Attempt{Key: claimed.Key, Content: networks.Content{Text: text}})
	require.NoError(w, err)
}

// Tasks that come twice, and two workers that take the same one: one attempt.
func TestTwoWorkersAndDuplicateTasks(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	one, two := w.Publisher(), w.Publisher()
	w.RunPublisher(one)
	w.RunPublisher(two)
	var arming sync.WaitGroup
	id := w.Schedule(w.Carl, "wanted by all", time.Now().Add(300*time.Millisecond))
	due := w.Target(id).Due
	for _, p := range []*publish.Publisher{one, two, one, two} {
		arming.Go(func() {
			p.Arm(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: due})
			p.Arm(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: due.Add(-time.Second)})
		})
	}
	arming.Wait()
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
	require.Len(t, workerstest.Events[post.TargetClaimed](w, id), 1)
}

// Two workers find out about one attempt: one record.
func TestTwoReconcilers(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Publish(w.Carl, "who was it?")
	dead := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: time.Millisecond})
	claimed, ok := dead[0].Event.(post.TargetClaimed)
	require.True(t, ok)
	for range 2 {
		p := w.Publisher()
		w.RunPublisher(p)
		p.ArmReconcile(jobs.Claim{
			Workspace: w.Workspace, Post: id, Account: w.Account, Attempt: claimed.Attempt, Deadline: claimed.Deadline,
		})
	}
	w.Await(id, post.Due)
	require.Len(t, workerstest.Events[post.TargetReleased](w, id), 1)
}

// The connection that an attempt went out through can no longer ask: a person
// decides (R59), and its holder is asked to mend it.
func TestUnknown(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := diedAfterSending(w, "nobody knows")
	require.NoError(t, w.Sandbox.Revoke(w.Ctx, "olivia"))
	w.Work()
	w.Await(id, post.Unknown)
	require.Len(t, w.Requests(), 1)
	asked, err := w.Inbox.Wait(w.Ctx, func(m capture.Message) bool { return m.Subject == "Acme: Acme News needs to be connected again" })
	require.NoError(t, err)
	require.Equal(t, []string{workerstest.OliviaEmail}, asked.To)
	require.Len(t, w.Outages(), 1)
}

// A worker that is stopped lets what it has begun end, and gives back the rest.
func TestStopped(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Arm(control.Fault{Call: control.Publish, Kind: control.Slow, DelayMS: 500, Times: 1})
	begun, later := w.Publish(w.Carl, "begun"), w.Schedule(w.Carl, "later", time.Now().Add(time.Hour))
	p := w.Publisher()
	ctx, stop := context.WithCancel(w.Ctx)
	left := make(chan []jobs.Job, 1)
	go func() { left <- p.Run(ctx, w.Ctx) }()
	for _, target := range []jobs.Target{
		{Workspace: w.Workspace, Post: begun, Account: w.Account, Due: w.Target(begun).Due},
		{Workspace: w.Workspace, Post: later, Account: w.Account, Due: w.Target(later).Due},
	} {
		p.Arm(target)
	}
	_, err := w.Sandbox.AwaitRequests(w.Ctx, 1)
	require.NoError(t, err)
	stop()
	handedBack := <-left
	require.Equal(t, post.Published, w.Target(begun).State)
	require.Len(t, handedBack, 1)
	require.Equal(t, jobs.TypePublish, handedBack[0].Type)
}
