package sweep_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/projections"
	"behalf/workers/jobs"
	"behalf/workers/workerstest"
)

// state is one in which a target can be for a while.
type state struct {
	into     func(w *workerstest.World) domain.PostID                       // brings a post there
	deadline func(w *workerstest.World, id domain.PostID) time.Time         // after which something is done about it
	done     func(w *workerstest.World, id domain.PostID, queue *list) bool // whether something was
}

// final are the states in which a target waits for nobody but whoever wants
// something else of it, and they were told how it came there.
var final = []post.TargetState{post.Draft, post.Declined, post.Published, post.Failed, post.Missed}

// awaiting are the others, each with its deadline.
var awaiting = map[post.TargetState]state{
	post.Waiting: {
		into: func(w *workerstest.World) domain.PostID {
			reviewed(w)
			return w.Schedule(w.Olivia, "waits", time.Now().Add(time.Hour))
		},
		deadline: func(w *workerstest.World, id domain.PostID) time.Time { return w.Target(id).Due },
		done:     came(post.Missed),
	},
	post.Due: {
		into: func(w *workerstest.World) domain.PostID {
			return w.Schedule(w.Carl, "due", time.Now().Add(time.Hour))
		},
		deadline: func(w *workerstest.World, id domain.PostID) time.Time { return w.Target(id).Due },
		done:     brought(jobs.TypePublish),
	},
	post.Claimed: {
		into: func(w *workerstest.World) domain.PostID {
			id := w.Publish(w.Carl, "claimed")
			w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: time.Minute})
			return id
		},
		deadline: func(w *workerstest.World, id domain.PostID) time.Time { return w.Target(id).Claim.Deadline },
		done:     brought(jobs.TypeReconcile),
	},
	post.HandedOver: {
		into: func(w *workerstest.World) domain.PostID {
			id := w.Publish(w.Carl, "by hand")
			w.AsSystem(&sending.HandOver{Post: id, Account: w.Account})
			return id
		},
		deadline: func(w *workerstest.World, id domain.PostID) time.Time { return w.Target(id).Deadline },
		done:     came(post.Missed),
	},
	post.NeedsReauthentication: { // its holder is asked at once, and reminded for as long as it lasts (workers/care)
		into: func(w *workerstest.World) domain.PostID {
			id := w.Publish(w.Carl, "held")
			w.Append(post.Stream(id), post.TargetNeedsReauthentication{
				Account: w.Account, Mode: workspace.OwnerMode, Holder: w.Olivia, Connection: w.ConnectionOf(w.Olivia), Code: "expired",
			})
			return id
		},
		deadline: func(*workerstest.World, domain.PostID) time.Time { return time.Now() },
		done:     func(w *workerstest.World, _ domain.PostID, _ *list) bool { return len(w.Outages()) == 1 },
	},
	post.Unknown: {
		into: func(w *workerstest.World) domain.PostID {
			id := w.Publish(w.Carl, "who knows")
			w.Append(post.Stream(id), post.TargetUnknown{Account: w.Account, Author: w.Carl, Owner: w.Olivia})
			return id
		},
		deadline: func(w *workerstest.World, id domain.PostID) time.Time {
			return workerstest.AwaitRecorded[post.TargetUnknown](w, id).RecordedAt.Add(ending.DecideWithin)
		},
		done: func(w *workerstest.World, id domain.PostID, _ *list) bool {
			return len(workerstest.Events[post.TargetUnresolved](w, id)) == 1
		},
	},
	post.Deleting: { // its worker ends it after a day (workers/publish)
		into: func(w *workerstest.World) domain.PostID {
			id := w.Publish(w.Carl, "to be deleted")
			w.Append(post.Stream(id), post.TargetPublished{Account: w.Account, Remote: "1"})
			w.As(w.Olivia, &ending.DeletePost{Post: id, AtNetwork: map[string]bool{"sandbox": true}})
			return id
		},
		deadline: func(w *workerstest.World, id domain.PostID) time.Time { return w.Target(id).Deadline },
		done:     brought(jobs.TypeDelete),
	},
}

func came(into post.TargetState) func(*workerstest.World, domain.PostID, *list) bool {
	return func(w *workerstest.World, id domain.PostID, _ *list) bool { return w.Target(id).State == into }
}

func brought(kind string) func(*workerstest.World, domain.PostID, *list) bool {
	return func(_ *workerstest.World, _ domain.PostID, queue *list) bool {
		return slices.ContainsFunc(queue.jobs, func(job jobs.Job) bool { return job.Type == kind })
	}
}

// Nothing is ever stuck: a target is in a final state, or there is a deadline
// after which one sweep, knowing nothing but Postgres, acts or has somebody told.
// A state that is added has to be added here.
func TestNothingIsStuck(t *testing.T) {
	t.Parallel()
	for _, name := range post.States() {
		one, waits := awaiting[name]
		require.NotEqual(t, waits, slices.Contains(final, name), "%s is final, or has a deadline", name)
		if !waits {
			continue
		}
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			id := one.into(w)
			require.Equal(t, name, w.Target(id).State)
			w.CaughtUp(projections.Posts.Group(), projections.Accounts.Group())
			sweeper, queue := newSweeper(w, one.deadline(w, id).Add(time.Second), time.Minute)
			require.NoError(t, sweeper.Sweep(context.WithoutCancel(w.Ctx)))
			require.True(t, one.done(w, id, queue), "%v", w.History(id))
		})
	}
}
