package workerstest

import (
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/planning"
	"behalf/domain/post/writing"
	"behalf/eventstore"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/workers/policy"
)

// look is how long a wait relies on signals before it looks by itself.
const look = 50 * time.Millisecond

// Publish lets a user write a post to the page, and has it due now: as
// PublishPost would, but for the minute between two posts (R57), which a test
// has no time for.
func (w *World) Publish(who domain.UserID, text string) domain.PostID {
	w.Helper()
	return w.PublishAt(who, text, time.Now())
}

// PublishAt is Publish for a moment.
func (w *World) PublishAt(who domain.UserID, text string, at time.Time) domain.PostID {
	w.Helper()
	return w.Due(who, w.content(text), at)
}

// Due is PublishAt of any content.
func (w *World) Due(who domain.UserID, content post.Content, at time.Time) domain.PostID {
	w.Helper()
	draft := &writing.CreateDraft{Post: eventstore.Fresh(), Content: content}
	w.As(who, draft)
	stream := post.Stream(draft.Post)
	outcomes, err := w.Store.Append(w.Ctx, eventstore.Request{
		Workspace: w.Workspace, Expected: map[domain.Stream]int{stream: 1},
		Changes:  domain.On(stream, post.Scheduled{Revision: 1, At: at.UTC()}),
		Metadata: eventstore.Metadata{Actor: who, Command: "PublishPost", CommandID: eventstore.Fresh()},
	})
	require.NoError(w, err)
	require.NoError(w, outcomes[0].Err)
	return draft.Post
}

// Schedule lets a user write a post to the page for a moment.
func (w *World) Schedule(who domain.UserID, text string, at time.Time) domain.PostID {
	w.Helper()
	schedule := &planning.SchedulePost{Post: eventstore.Fresh(), Content: w.content(text), At: at}
	w.As(who, schedule)
	return schedule.Post
}

// Live is a post that the network shows, published by workers that have stopped.
func (w *World) Live() domain.PostID {
	w.Helper()
	stop := w.Work()
	id := w.Publish(w.Carl, "to be deleted")
	w.Await(id, post.Published)
	stop()
	return id
}

// Delete has Olivia delete a post, at the network too.
func (w *World) Delete(id domain.PostID) {
	w.Helper()
	happened := w.As(w.Olivia, &ending.DeletePost{Post: id, AtNetwork: map[string]bool{sandbox.Name: true}})
	require.IsType(w, post.TargetDeletionRequested{}, happened[0].Event, "the answer says that the network is asked")
}

// Pictured is a content with a picture that is not there any more.
func (w *World) Pictured(text string) post.Content {
	content := w.content(text)
	content.Media = []post.Media{{ID: eventstore.Fresh()}}
	return content
}

func (w *World) content(text string) post.Content {
	return post.Content{Text: text, Targets: []post.Destination{{Account: w.Account}}}
}

// Await waits until the post's target on the page is in one of the states.
func (w *World) Await(id domain.PostID, states ...post.TargetState) post.Target {
	w.Helper()
	for {
		next := w.Signals.Appended.Next()
		target := w.Target(id)
		for _, state := range states {
			if target.State == state {
				return target
			}
		}
		w.pause(next, "the target is %s, not %v: %v", target.State, states, w.History(id))
	}
}

// Target is the post's target on the page as it is now.
func (w *World) Target(id domain.PostID) post.Target {
	w.Helper()
	loaded, err := w.Store.Load(w.Ctx, eventstore.Scope{}, post.Stream(id))
	require.NoError(w, err)
	return domain.Fact[*post.Post](loaded.Facts, post.Stream(id)).Targets[w.Account]
}

// History lists what happened to a post, in order.
func (w *World) History(id domain.PostID) []domain.Event { return w.events(post.Stream(id)) }

// Outages lists who was asked to mend their connection to the page, in order.
func (w *World) Outages() (asked []account.ReauthenticationNeeded) {
	for _, event := range w.events(account.Stream(w.Account)) {
		if needed, ok := event.(account.ReauthenticationNeeded); ok {
			asked = append(asked, needed)
		}
	}
	return asked
}

// Events returns a post's events of one type, in order.
func Events[E domain.Event](w *World, id domain.PostID) (found []E) {
	for _, event := range w.History(id) {
		if one, ok := event.(E); ok {
			found = append(found, one)
		}
	}
	return found
}

// AwaitEvent waits for a post's first event of one type.
func AwaitEvent[E domain.Event](w *World, id domain.PostID) E {
	w.Helper()
	for {
		next := w.Signals.Appended.Next()
		if found := Events[E](w, id); len(found) > 0 {
			return found[0]
		}
		w.pause(next, "it does not happen: %v", w.History(id))
	}
}

// AwaitRecorded is AwaitEvent, with what the log says about it.
func AwaitRecorded[E domain.Event](w *World, id domain.PostID) eventstore.Recorded {
	w.Helper()
	AwaitEvent[E](w, id)
	for recorded, err := range w.Store.Read(w.Ctx, eventstore.Scope{}, post.Stream(id), eventstore.UpTo{}) {
		require.NoError(w, err)
		if _, is := recorded.Event.(E); is {
			return recorded
		}
	}
	return eventstore.Recorded{} // it was there
}

// AwaitOutage waits until somebody was asked to mend their connection to the page.
func (w *World) AwaitOutage() {
	w.Helper()
	for {
		next := w.Signals.Appended.Next()
		if len(w.Outages()) > 0 {
			return
		}
		w.pause(next, "nobody is asked")
	}
}

func (w *World) events(stream domain.Stream) (events []domain.Event) {
	w.Helper()
	for recorded, err := range w.Store.Read(w.Ctx, eventstore.Scope{}, stream, eventstore.UpTo{}) {
		require.NoError(w, err)
		events = append(events, recorded.Event)
	}
	return events
}

// Posts is what the sandbox shows on the page.
func (w *World) Posts() []control.Post { return w.log().Posts }

// Requests is every publish request that reached the sandbox for the page.
func (w *World) Requests() []control.Request { return w.log().Requests }

func (w *World) log() control.Log {
	w.Helper()
	log, err := w.Sandbox.Log(w.Ctx)
	require.NoError(w, err)
	return log.On(networktest.Page)
}

// Arm makes something go wrong on the sandbox.
func (w *World) Arm(fault control.Fault) {
	w.Helper()
	require.NoError(w, w.Sandbox.Arm(w.Ctx, fault))
}

// CaughtUp waits until the views show everything that has happened.
func (w *World) CaughtUp(views ...string) {
	w.Helper()
	var head int64
	require.NoError(w, w.Pool.QueryRow(w.Ctx, "select coalesce(max(position), 0) from log.events").Scan(&head))
	for _, group := range views {
		_, err := w.Store.WaitForCheckpoint(w.Ctx, group, head)
		require.NoError(w, err)
	}
}

// settled waits until readers of the log see everything that has happened: a
// policy that begins at the head then acts on nothing of it.
func (w *World) settled() {
	w.Helper()
	for {
		next := w.Signals.HighWater.Next()
		var there bool
		err := w.Pool.QueryRow(w.Ctx, `
			select position >= (select coalesce(max(position), 0) from log.events)
			from log.high_water`).Scan(&there)
		require.NoError(w, err)
		if there {
			return
		}
		w.pause(next, "the high-water mark stays behind")
	}
}

// subscribed waits until the policy follows the log: it begins at its head.
func (w *World) subscribed() {
	w.Helper()
	for {
		var there bool
		err := w.Pool.QueryRow(w.Ctx, "select exists (select from log.checkpoints where name = $1)", policy.Group).Scan(&there)
		require.NoError(w, err)
		if there {
			return
		}
		w.pause(nil, "the policy does not follow the log")
	}
}

func (w *World) pause(next <-chan struct{}, complaint string, details ...any) {
	w.Helper()
	select {
	case <-next:
	case <-time.After(look):
	case <-w.Ctx.Done():
		require.FailNowf(w, "waited too long", complaint, details...)
	}
}

// Append adds an event to a stream as it stands, past every decision: for what
// cannot be brought about in a test.
func (w *World) Append(stream domain.Stream, event domain.Event) {
	w.Helper()
	loaded, err := w.Store.Load(w.Ctx, eventstore.Scope{}, stream)
	require.NoError(w, err)
	outcomes, err := w.Store.Append(w.Ctx, eventstore.Request{
		Workspace: w.Workspace, Expected: loaded.Versions, Changes: domain.On(stream, event),
	})
	require.NoError(w, err)
	require.NoError(w, outcomes[0].Err)
}

// On are the events of one type on a stream.
func On[E domain.Event](w *World, stream domain.Stream) (found []E) {
	w.Helper()
	for _, event := range w.events(stream) {
		if one, ok := event.(E); ok {
			found = append(found, one)
		}
	}
	return found
}
