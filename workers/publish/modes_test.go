package publish_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/workers/workerstest"
)

// R34, R43: what Carl writes goes out through Olivia's connection, and history says so.
func TestModeOwner(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Work()
	id := w.Publish(w.Carl, "Hello from Carl.")
	target := w.Await(id, post.Published)

	shown := w.Posts()
	require.Len(t, shown, 1)
	require.Equal(t, "Hello from Carl.", shown[0].Text)
	require.Equal(t, "olivia", shown[0].Person, "whose token was used")
	require.Equal(t, target.Claim.Key, shown[0].Key)
	require.Equal(t, workspace.OwnerMode, target.Claim.Mode)
	require.Equal(t, w.Olivia, target.Claim.Holder)
	published := workerstest.Events[post.TargetPublished](w, id)
	require.Len(t, published, 1)
	require.Equal(t, shown[0].ID, published[0].Remote)
	require.NotEmpty(t, published[0].URL)
}

// R37, R44: without a connection of his own nothing is sent, and Carl alone is asked, once.
func TestModeMember(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Work()
	first, second := w.Publish(w.Carl, "one"), w.Publish(w.Carl, "two")
	require.Equal(t, w.Carl, w.Await(first, post.NeedsReauthentication).Holder)
	w.Await(second, post.NeedsReauthentication)
	require.Empty(t, w.Requests())

	_, err := w.Inbox.Wait(w.Ctx, workerstest.To(workerstest.CarlEmail))
	require.NoError(t, err)
	w.Connect(w.Carl)
	third := w.Publish(w.Carl, "three")
	target := w.Await(third, post.Published)
	require.Equal(t, w.Carl, target.Claim.Holder)
	require.Equal(t, "carl", w.Posts()[0].Person)
	require.Len(t, w.Outages(), 1)
	require.Len(t, w.Inbox.Messages(), 1, "once per outage, and nobody else")
}

// A post goes out at its moment: not before, and without waiting for a sweep.
func TestScheduled(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	times := workerstest.Times
	times.Sweep = time.Hour
	w.WorkWith(w.Deps(), times)
	at := time.Now().Add(2500 * time.Millisecond)
	id := w.Schedule(w.Olivia, "on time", at)
	w.Await(id, post.Published)
	require.False(t, w.Requests()[0].At.Before(at), "sent early")
}
