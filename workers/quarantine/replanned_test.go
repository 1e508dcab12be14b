package quarantine_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/post/writing"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wire"
	"behalf/projections"
	"behalf/workers/workerstest"
)

// hold begins a quarantine of which a person may be faster than any worker.
func hold(w *workerstest.World) {
	w.Helper()
	_, err := w.Admin.Exec(w.Ctx, "select log.hold('by_hand', '', clock_timestamp() - interval '1 minute', null)")
	require.NoError(w, err)
}

// changes are what a person may do with a post that is due, while the quarantine
// holds and before anybody was asked about it.
var changes = map[string]func(w *workerstest.World, id domain.PostID, free time.Time){
	"rescheduled": func(w *workerstest.World, id domain.PostID, free time.Time) {
		w.As(w.Carl, &planning.ReschedulePost{Post: id, At: free})
	},
	"taken back": func(w *workerstest.World, id domain.PostID, _ time.Time) {
		w.As(w.Carl, &planning.UnschedulePost{Post: id})
	},
	"taken back and scheduled": func(w *workerstest.World, id domain.PostID, free time.Time) {
		w.As(w.Carl, &planning.UnschedulePost{Post: id})
		w.As(w.Carl, &planning.SchedulePost{Post: id, At: free})
	},
	"edited": func(w *workerstest.World, id domain.PostID, _ time.Time) {
		rewrite(w, id)
	},
	"edited and rescheduled": func(w *workerstest.World, id domain.PostID, free time.Time) {
		rewrite(w, id)
		w.As(w.Carl, &planning.ReschedulePost{Post: id, At: free})
	},
	"taken back, edited and published": func(w *workerstest.World, id domain.PostID, _ time.Time) {
		w.As(w.Carl, &planning.UnschedulePost{Post: id})
		rewrite(w, id)
		again(w, id)
	},
}

func rewrite(w *workerstest.World, id domain.PostID) {
	w.Helper()
	w.As(w.Carl, &writing.EditPost{Post: id, Content: post.Content{Text: "otherwise", Targets: []post.Destination{{Account: w.Account}}}})
}

// R69, R59: what was due by the backup is asked about whatever a person does with
// it meanwhile, by what it said then: what went out is recorded, and not sent
// again at another time or in other words; what did not is left as the person
// wants it; what cannot be known is for a person.
func TestReplannedSinceTheRestore(t *testing.T) {
	t.Parallel()
	onEachNetwork(t, func(w *workerstest.World, knows bool) {
		sent, unsent := map[string]domain.PostID{}, map[string]domain.PostID{}
		for name := range changes {
			sent[name] = w.Publish(w.Carl, name)
		}
		w.CaughtUp(projections.Posts.Group())
		backup := w.Backup()
		stop := w.Work()
		for _, id := range sent {
			w.Await(id, post.Published)
		}
		stop()

		r := w.Restore(backup)
		for name := range changes {
			unsent[name] = r.Publish(r.Carl, "not sent: "+name)
		}
		hold(r)
		free := time.Now().UTC().Truncate(time.Minute).Add(time.Hour)
		for name, change := range changes {
			change(r, sent[name], free)
			change(r, unsent[name], free.Add(2*time.Minute))
			free = free.Add(4 * time.Minute)
		}
		r.CaughtUp(projections.Posts.Group())
		require.Equal(w, int64(2*len(changes)), end(r), "nothing has left the list")
		r.Work()
		for name := range changes {
			if !knows {
				require.Equal(w, "unknown", asked(r, sent[name]), name)
				require.Equal(w, "unknown", asked(r, unsent[name]), name)
				r.Await(sent[name], post.Unknown)
				r.Await(unsent[name], post.Unknown)
				continue
			}
			require.Equal(w, "published", asked(r, sent[name]), name)
			r.Await(sent[name], post.Published)
			before := r.Target(unsent[name])
			require.Equal(w, "absent", asked(r, unsent[name]), name)
			require.Equal(w, before, r.Target(unsent[name]), name)
		}
		require.Len(w, r.Requests(), len(changes), "nothing was sent")
		r.CaughtUp(projections.Posts.Group())
		require.Zero(w, end(r))
	})
}

// What was not to have gone out by the backup is left alone whatever is done with
// it: where nobody can be asked it would be unknown for no reason.
func TestReplannedAheadOfTime(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.OfClass(sandbox.Silent, wire.Options{})
	soon := time.Now().UTC().Truncate(time.Minute).Add(time.Hour)
	early := w.Schedule(w.Carl, "moved ahead of its time", soon)
	later := w.Schedule(w.Carl, "for later", soon.Add(4*time.Hour))
	w.As(w.Carl, &planning.ReschedulePost{Post: early, At: soon.Add(5 * time.Hour)})
	w.As(w.Carl, &planning.ReschedulePost{Post: later, At: soon.Add(6 * time.Hour)})
	hold(w)
	_, err := w.Admin.Exec(w.Ctx, "update log.quarantines set begun_at = $1", soon.Add(time.Hour))
	require.NoError(t, err)
	w.CaughtUp(projections.Posts.Group())
	require.Equal(t, int64(1), end(w), "of one its time has come once")
	w.Work()
	require.Equal(t, "not_due", asked(w, early))
	require.Zero(t, end(w))
	require.Equal(t, post.Due, w.Target(early).State)
	require.Equal(t, post.Due, w.Target(later).State)
}

// forgetful is a restored world whose page shows a post that is due by its log.
func forgetful(t *testing.T) (*workerstest.World, domain.PostID) {
	t.Helper()
	w := workerstest.New(t, workspace.OwnerMode)
	known(w)
	id := w.Publish(w.Carl, "sent since the backup")
	w.CaughtUp(projections.Posts.Group())
	backup := w.Backup()
	stop := w.Work()
	w.Await(id, post.Published)
	stop()

	return w.Restore(backup), id
}

// People may have come back before anybody notices that a database was restored.
func TestReplannedBeforeTheQuarantine(t *testing.T) {
	t.Parallel()
	r, id := forgetful(t)
	changes["edited and rescheduled"](r, id, time.Now().UTC().Add(time.Hour))
	r.Work()
	require.Equal(t, "copied", begun(r))
	r.Await(id, post.Published)
	require.Len(t, r.Requests(), 1)
}

// A quarantine that is widened goes on asking about what was due when it began,
// though somebody has planned it anew between the two.
func TestReplannedBeforeTheQuarantineWasWidened(t *testing.T) {
	t.Parallel()
	r, id := forgetful(t)
	hold(r)
	changes["edited and rescheduled"](r, id, time.Now().UTC().Add(time.Hour))
	hold(r)
	r.CaughtUp(projections.Posts.Group())
	require.Equal(t, int64(1), end(r))
	r.Work()
	r.Await(id, post.Published)
	require.Len(t, r.Requests(), 1)
}

// R59, R69: an operator who gives up leaves to a person what was due by the
// backup, though it was planned anew.
func TestGivingUpOnWhatWasReplanned(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Publish(w.Carl, "due")
	hold(w)
	w.As(w.Carl, &planning.ReschedulePost{Post: id, At: time.Now().UTC().Add(time.Hour)})
	_, err := w.Admin.Exec(w.Ctx, "select log.forfeit_quarantine($1)", uuid.UUID(w.Olivia))
	require.NoError(t, err)
	w.Work()
	w.Await(id, post.Unknown)
}
