package policy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/projections"
	"behalf/workers/workerstest"
)

// Redis is away when things happen. Publishing goes on from memory; mails wait
// in Postgres and go out when it is back.
func TestRedisAway(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	redis := w.Interruptible()
	w.Work()
	w.Await(w.Publish(w.Carl, "with Redis"), post.Published)

	redis.Interrupt()
	w.Await(w.Publish(w.Carl, "without Redis"), post.Published)
	event := w.AsSystem(&account.RecordReauthenticationNeeded{
		Account: w.Account, Holder: w.Olivia, Connection: w.ConnectionOf(w.Olivia), Code: "invalid_grant", Detail: "It has ended.",
	})[0]
	w.CaughtUp("policy:jobs:1")
	require.Zero(t, w.MailTries(event.ID))
	require.Empty(t, w.Inbox.Messages())

	redis.Restore()
	w.AwaitMail(event.ID, "sent")
	require.Len(t, w.Inbox.Messages(), 1)
	require.Len(t, w.Posts(), 2)
}

// R47: what was held and is still due in the future goes on by itself once its
// holder has connected; what is past due waits for a person.
func TestResume(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	future := w.Schedule(w.Carl, "later", time.Now().Add(time.Hour))
	past := w.Publish(w.Carl, "now")
	for _, id := range []domain.PostID{future, past} {
		w.Append(post.Stream(id), post.TargetNeedsReauthentication{
			Account: w.Account, Mode: workspace.MemberMode, Holder: w.Carl, Code: "no_connection", Detail: "Not connected yet.",
		})
	}
	w.CaughtUp(projections.Posts.Group())
	times := workerstest.Times
	times.Sweep = time.Hour // the policy, not the sweeper
	w.WorkWith(w.Deps(), times)
	w.CaughtUp("policy:jobs:1")
	w.Connect(w.Carl)
	target := w.Await(future, post.Due)
	require.Equal(t, target.Due, workerstest.AwaitEvent[post.TargetScheduled](w, future).At)
	w.CaughtUp("policy:jobs:1")
	require.Equal(t, post.NeedsReauthentication, w.Target(past).State)
}

// What happened before the policy was there is not its business: the sweeper
// finds what is still to be done about it.
func TestBeginsAtTheHead(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	event := w.AsSystem(&account.RecordReauthenticationNeeded{
		Account: w.Account, Holder: w.Carl, Code: "no_connection", Detail: "Not connected yet.",
	})[0]
	w.CaughtUp(projections.Accounts.Group())
	var head int64
	require.NoError(t, w.Pool.QueryRow(w.Ctx, "select position from log.high_water").Scan(&head))
	require.Equal(t, event.Position, head)
	w.Work()
	reached, err := w.Store.Checkpoint(w.Ctx, "policy:jobs:1")
	require.NoError(t, err)
	require.GreaterOrEqual(t, reached, head)
	w.AwaitMail(event.ID, "sent")
	require.Len(t, w.Inbox.Messages(), 1)
}
