package sweep_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/planning"
	"behalf/domain/post/review"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/workers/jobs"
	"behalf/workers/workerstest"
)

// reviewed makes somebody approve what others post to the page.
func reviewed(w *workerstest.World) domain.UserID {
	w.Helper()
	reviewer := domain.UserID(eventstore.Fresh())
	w.Append(workspace.Stream(w.Workspace), workspace.InvitationAccepted{
		Invitation: eventstore.Fresh(), Member: reviewer, Role: workspace.Client,
		Assignments: []workspace.Assignment{{Account: w.Account, ApprovesPosts: true}},
	})
	return reviewer
}

// R56: who has still to approve a post is reminded before its time, once for
// each time, whatever number of workers sweep at once; not who has been asked a
// moment ago.
func TestUnreminded(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	reviewer := reviewed(w)
	at := time.Now().Add(24 * time.Hour).UTC()
	id := w.Schedule(w.Olivia, "to be approved", at)
	soon := w.Schedule(w.Olivia, "to be approved soon", time.Now().Add(time.Hour))
	reminders := func(id domain.PostID) []post.ApprovalReminded {
		w.CaughtUp(projections.Posts.Group())
		return workerstest.Events[post.ApprovalReminded](w, id)
	}
	sweepAll := func(now time.Time) {
		w.CaughtUp(projections.Posts.Group())
		var both [2]chan error
		for i := range both {
			sweeper, _ := newSweeper(w, now, time.Minute)
			both[i] = make(chan error, 1)
			go func() { both[i] <- sweeper.Sweep(w.Ctx) }()
		}
		for _, ended := range both {
			require.NoError(t, <-ended)
		}
	}
	sweepAll(time.Now())
	require.Empty(t, reminders(soon), "the reviewer was asked just now")
	sweepAll(time.Now().Add(31 * time.Minute))
	require.Len(t, reminders(soon), 1)
	require.Empty(t, reminders(id))

	sweepAll(at.Add(-review.RemindAhead - time.Second))
	require.Empty(t, reminders(id))
	for range 2 {
		sweepAll(at.Add(-review.RemindAhead))
		require.Equal(t, []post.ApprovalReminded{{Accounts: []domain.AccountID{w.Account}, Asked: []domain.UserID{reviewer}}}, reminders(id))
	}
	w.As(w.Olivia, &planning.ReschedulePost{Post: id, At: at.Add(time.Hour)})
	sweepAll(at.Add(-review.RemindAhead))
	require.Len(t, reminders(id), 1)
	sweepAll(at)
	require.Len(t, reminders(id), 2, "another time, another reminder")
}

// R56: what nobody has confirmed was not posted by hand.
func TestUnconfirmed(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Publish(w.Carl, "by hand")
	over, ok := w.AsSystem(&sending.HandOver{Post: id, Account: w.Account})[0].Event.(post.TargetHandedOver)
	require.True(t, ok)
	w.CaughtUp(projections.Posts.Group())
	before, _ := newSweeper(w, over.Deadline, time.Minute)
	require.NoError(t, before.Sweep(w.Ctx))
	require.Equal(t, post.HandedOver, w.Target(id).State)
	held, _ := sweeperBy(w, func() time.Time { return over.Deadline.Add(time.Second) }, func() bool { return true }, time.Minute)
	require.NoError(t, held.Sweep(w.Ctx))
	require.Equal(t, post.HandedOver, w.Target(id).State, "somebody may have confirmed it since the backup (R69)")
	for range 2 {
		after, _ := newSweeper(w, over.Deadline.Add(time.Second), time.Minute)
		require.NoError(t, after.Sweep(w.Ctx))
	}
	missed := workerstest.Events[post.TargetMissed](w, id)
	require.Len(t, missed, 1)
	require.Equal(t, "not_confirmed", missed[0].Code)
	require.Equal(t, w.Carl, missed[0].Author)
}

// A deletion has its usual task at first, so that one that is there already
// stands, and one of its own whenever it has waited.
func TestDeleting(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Publish(w.Carl, "to be deleted")
	now := time.Now().UTC().Truncate(time.Millisecond)
	w.Append(post.Stream(id), post.TargetPublished{Account: w.Account, Remote: "1"})
	w.Append(post.Stream(id), post.TargetDeletionRequested{Account: w.Account, By: w.Olivia, Remote: "1", Deadline: now.Add(ending.DeleteWithin)})
	w.CaughtUp(projections.Posts.Group())
	usual := jobs.Delete(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: now.Add(ending.DeleteWithin)})
	sweeper, queue := newSweeper(w, now, time.Minute)
	require.NoError(t, sweeper.Sweep(w.Ctx))
	require.Equal(t, []jobs.Job{usual}, queue.jobs)
	sweeper, queue = newSweeper(w, now.Add(time.Minute), time.Minute)
	require.NoError(t, sweeper.Sweep(w.Ctx))
	require.Len(t, queue.jobs, 1)
	require.Equal(t, jobs.TypeDelete, queue.jobs[0].Type)
	require.NotEqual(t, usual.ID, queue.jobs[0].ID)
}
