package prepare_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/post/sending"
	"behalf/domain/post/writing"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/wire"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/quarantine"
	"behalf/workers/workerstest"
)

// stop is where somebody waits, once, until the test lets them go on.
type stop struct {
	met             *atomic.Bool
	reached, opened chan struct{}
}

func newStop() stop { return stop{&atomic.Bool{}, make(chan struct{}), make(chan struct{})} }

func (s stop) wait() {
	if s.met.CompareAndSwap(false, true) {
		close(s.reached)
		<-s.opened
	}
}

// stopping stops at whoever discards.
type stopping struct {
	networks.Connector
	stop
}

func (n stopping) Discard(ctx context.Context, s networks.Session, p networks.Prepared) error {
	n.wait()
	return n.Connector.Discard(ctx, s, p)
}

// reading stops at whoever opens what a post says.
type reading struct {
	personal.Opener
	stop
}

func (r reading) Open(ctx context.Context, texts ...*personal.Text) error {
	r.wait()
	return r.Opener.Open(ctx, texts...)
}

// sentMeanwhile has a target sent at once, by an attempt that is not told of it.
func sentMeanwhile(w *workerstest.World, p *publish.Publisher, id domain.PostID) {
	w.Helper()
	w.Append(post.Stream(id), post.TargetScheduled{Account: w.Account, At: time.Now().UTC()})
	w.Arm(control.Fault{Call: control.Publish, Kind: control.ResetAfter, Times: 1})
	p.Arm(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
	require.Eventually(w, func() bool { return len(w.Posts()) == 1 }, 20*time.Second, 5*time.Millisecond)
}

// R59: a draft that was left over when somebody looked, and is wanted again when it
// is discarded, is not the one that is published: who published it, and was not told,
// could not ask for it any more, and would send it again.
func TestWhatIsBeingDiscardedIsNotPublished(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.OfClass(sandbox.TwoPhase, wire.Options{})
	n := stopping{w.Networks[sandbox.Name], newStop()}
	w.Networks[sandbox.Name] = n
	p, id := prepared(w)
	w.As(w.Carl, &planning.UnschedulePost{Post: id})
	untouched(w)
	ended := make(chan error, 1)
	go func() { ended <- p.Tidy(w.Ctx) }()
	<-n.reached
	sentMeanwhile(w, p, id)
	close(n.opened)
	require.NoError(t, <-ended)
	require.Equal(t, post.Published, w.Await(id, post.Published, post.Due).State)
	require.Len(t, w.Posts(), 1)
}

// R59: so it is for whoever looks ahead, and is so slow that the post was edited and
// sent meanwhile.
func TestWhoLooksAheadDiscardsNothingThatIsNewer(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.OfClass(sandbox.TwoPhase, wire.Options{})
	slow := reading{w.Persons, newStop()}
	p := w.Publisher(func(deps *publish.Deps) { deps.Persons = slow })
	w.RunPublisher(p)
	id := w.Schedule(w.Carl, "as it was", time.Now().Add(time.Minute))
	p.ArmPreflight(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
	<-slow.reached
	w.As(w.Carl, &writing.EditPost{Post: id, Content: post.Content{Text: "as it goes out", Targets: []post.Destination{{Account: w.Account}}}})
	sentMeanwhile(w, p, id)
	close(slow.opened)
	require.Equal(t, post.Published, w.Await(id, post.Published, post.Due).State)
	require.Len(t, w.Posts(), 1)
}

// R69: that a log was restored is found out before anything is discarded because of
// what it says, and not seconds later.
func TestARestoredLogIsNotTidied(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	_, id := preparedDraft(w)
	w.As(w.Carl, &planning.UnschedulePost{Post: id})
	watch := quarantine.NewWatch(w.Pool, quarantine.InRedis{Client: w.RedisClient()}, nil, w.Logger())
	require.NoError(t, watch.Check(w.Ctx))
	_, err := w.Admin.Exec(w.Ctx, "update log.lineage set beat = 0")
	require.NoError(t, err)
	require.False(t, watch.Holds())
	tidied(w, w.Publisher(func(deps *publish.Deps) { deps.Watch = watch }))
	require.True(t, watch.Holds())
	require.False(t, w.AwaitDrafts(1)[0].Discarded)
}

// R59: another connection's draft may be the very one that is published, where the
// network finds it by the post's key. It stays while the target is claimed, and while
// its moment is near.
func TestAnotherConnectionsDraftMayBeTheSame(t *testing.T) {
	t.Parallel()
	for name, stays := range map[string]bool{"near": true, "claimed": true, "far away": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			p, id := preparedDraft(w)
			w.Connect(w.Olivia)
			switch name {
			case "far away":
				w.Append(post.Stream(id), post.TargetScheduled{Account: w.Account, At: time.Now().Add(2 * time.Hour).UTC()})
			case "claimed":
				w.Append(post.Stream(id), post.TargetClaimed{
					Account: w.Account, Attempt: eventstore.Fresh(), Revision: 1, Key: sending.Key(id, w.Account, 1), Mode: workspace.OwnerMode,
					Holder: w.Olivia, Connection: w.ConnectionOf(w.Olivia), Begun: time.Now().UTC(), Deadline: time.Now().Add(time.Hour).UTC(),
				})
			}
			tidied(w, p)
			require.Equal(t, !stays, w.AwaitDrafts(1)[0].Discarded)
			require.Equal(t, stays, len(onShelf(w, id)) == 1)
		})
	}
}
