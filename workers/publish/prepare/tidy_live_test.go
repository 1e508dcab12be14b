package prepare_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/writing"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wire"
	"behalf/workers/jobs"
	"behalf/workers/publish/shelf"
	"behalf/workers/workerstest"
)

// discarding counts what is asked to be discarded, whatever comes of it: elsewhere
// a photo is deleted although a post shows it.
type discarding struct {
	networks.Connector
	calls *atomic.Int64
}

func (d discarding) Discard(ctx context.Context, s networks.Session, p networks.Prepared) error {
	d.calls.Add(1)
	return d.Connector.Discard(ctx, s, p)
}

func countDiscards(w *workerstest.World) *atomic.Int64 {
	w.Helper()
	w.OfClass(sandbox.TwoPhase, wire.Options{})
	calls := &atomic.Int64{}
	w.Networks[sandbox.Name] = discarding{w.Networks[sandbox.Name], calls}
	return calls
}

// What was prepared belongs to the post once it is out: it is forgotten at once,
// and not only by whoever tidies later, when the post may be gone here.
func TestWhatWasUsedIsForgottenAtOnce(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	discards := countDiscards(w)
	p := w.Publisher()
	w.RunPublisher(p)
	id := w.Publish(w.Carl, "with a draft")
	p.Arm(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
	w.Await(id, post.Published)
	require.Eventually(t, func() bool { return len(onShelf(w, id)) == 0 }, 10*time.Second, 5*time.Millisecond)
	require.Zero(t, discards.Load())
}

// A post that was deleted only here goes on being shown, and so does one of which
// it is not known yet whether the network deletes it. Nothing is taken from it. Of
// one that was never sent, nothing stays.
func TestALivePostKeepsWhatWasPrepared(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		published bool
		deletion  ending.DeletePost
		discards  int64
	}{
		"deleted here":              {true, ending.DeletePost{OnlyHere: true}, 0},
		"being deleted":             {true, ending.DeletePost{AtNetwork: map[string]bool{sandbox.Name: true}}, 0},
		"deleted before it was out": {false, ending.DeletePost{OnlyHere: true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			discards := countDiscards(w)
			p, id := prepared(w)
			if test.published {
				w.Append(post.Stream(id), post.TargetPublished{Account: w.Account, Remote: "1"})
			}
			test.deletion.Post = id
			w.As(w.Carl, &test.deletion)
			tidied(w, p)
			require.Equal(t, test.discards, discards.Load())
			require.Empty(t, onShelf(w, id))
		})
	}
}

// What a post left on an account, deleted, says nothing of the post that goes there
// anew: what was prepared for that one stays.
func TestWhatGoesThereAnewKeepsWhatIsPrepared(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	discards := countDiscards(w)
	p, id := prepared(w)
	due := w.Target(id).Due
	var written post.Written
	for _, event := range w.History(id) {
		if first, is := event.(post.Written); is {
			written = first
		}
	}
	for _, event := range []domain.Event{
		post.TargetPublished{Account: w.Account, Remote: "1"},
		post.TargetDeletionRequested{Account: w.Account, By: w.Carl, Deadline: due},
		post.TargetDeleted{Account: w.Account},
		post.Edited{
			Revision: 1, By: w.Carl, Author: w.Carl, Content: written.Content, Targets: []post.Place{{Account: w.Account}},
			Added: []domain.AccountID{w.Account},
		},
		post.Scheduled{Revision: 1, At: due, Accounts: []domain.AccountID{w.Account}},
	} {
		w.Append(post.Stream(id), event)
	}
	tidied(w, p)
	require.Zero(t, discards.Load())
	require.Len(t, onShelf(w, id), 1)
}

func onShelf(w *workerstest.World, id domain.PostID) []shelf.Item {
	w.Helper()
	items, err := shelf.New(w.Pool).Of(w.Ctx, id, w.Account)
	require.NoError(w, err)
	return items
}

// hangingOn never answers whoever wants something discarded.
type hangingOn struct {
	networks.Connector
	calls *atomic.Int64
}

func (h hangingOn) Discard(ctx context.Context, _ networks.Session, _ networks.Prepared) error {
	h.calls.Add(1)
	<-ctx.Done()
	return ctx.Err()
}

// A host that hangs is waited for once in a round, not once for each of its items,
// which nobody else takes meanwhile; they are left for later.
func TestTidyingWaitsForAHostOnce(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	var calls atomic.Int64
	w.Networks[sandbox.Name] = hangingOn{w.Networks[sandbox.Name], &calls}
	var left []domain.PostID
	for range 3 {
		left = append(left, leftOver(w))
	}
	p := w.Publisher()
	untouched(w)
	begun := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- p.Tidy(w.Ctx) }()
	require.Eventually(t, func() bool { return calls.Load() == 1 }, 10*time.Second, time.Millisecond)
	items, err := shelf.New(w.Pool).Untouched(w.Ctx, time.Minute, 10)
	require.NoError(t, err)
	require.Len(t, items, len(left)-1, "what is asked about is taken")
	require.NoError(t, <-ended)
	require.Less(t, time.Since(begun), 10*time.Second)
	require.EqualValues(t, 1, calls.Load())
	kept := 0
	for _, id := range left {
		kept += len(onShelf(w, id))
	}
	require.Equal(t, len(left)-1, kept)
}

// leftOver is a draft for which something was prepared when it was to go out.
func leftOver(w *workerstest.World) domain.PostID {
	w.Helper()
	id := domain.PostID(eventstore.Fresh())
	w.As(w.Carl, &writing.CreateDraft{Post: id, Content: post.Content{Text: "not yet", Targets: []post.Destination{{Account: w.Account}}}})
	hold, _, err := shelf.New(w.Pool).Take(w.Ctx, shelf.Key{
		Workspace: w.Workspace, Post: id, Account: w.Account, Revision: 1, Connection: w.ConnectionOf(w.Olivia),
	}, time.Minute)
	require.NoError(w, err)
	require.NoError(w, hold.Done(w.Ctx, networks.Prepared(`{}`)))
	return id
}
