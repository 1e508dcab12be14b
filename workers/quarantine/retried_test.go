package quarantine_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wire"
	"behalf/projections"
	"behalf/workers/workerstest"
)

// ended has posts wait for a person: they were missed, or have failed.
func ended(w *workerstest.World, end domain.Event, texts ...string) (ids []domain.PostID) {
	w.Helper()
	for _, text := range texts {
		id := w.Publish(w.Carl, text)
		w.Append(post.Stream(id), end)
		ids = append(ids, id)
	}
	return ids
}

// again has a post published now, as PublishTargetNow does but for the minute
// between two posts (R57).
func again(w *workerstest.World, id domain.PostID) {
	w.Helper()
	w.Append(post.Stream(id), post.TargetScheduled{Account: w.Account, At: time.Now().UTC()})
}

// R69, R59: what the backup holds as missed or failed a person may have had
// published since. It is asked about as well: what went out is recorded, so that
// "publish now" does not double it; what did not waits for its person as before;
// what cannot be known, they decide. One that is planned anew while the
// quarantine holds is asked about before anything of it is sent.
func TestRetriedSinceTheBackup(t *testing.T) {
	t.Parallel()
	onEachNetwork(t, func(w *workerstest.World, knows bool) {
		missed := ended(w, post.TargetMissed{Account: w.Account, Author: w.Carl, Code: "grace_passed"}, "missed, sent since", "missed", "missed, sent since, and again")
		failed := ended(w, post.TargetFailed{Account: w.Account, Author: w.Carl, Code: "rejected"}, "failed, sent since", "failed")
		w.CaughtUp(projections.Posts.Group())
		backup := w.Backup()
		retried := []domain.PostID{missed[0], missed[2], failed[0]}
		for _, id := range retried {
			again(w, id)
		}
		stop := w.Work()
		for _, id := range retried {
			w.Await(id, post.Published)
		}
		stop()
		require.Len(w, w.Requests(), 3)

		r := w.Restore(backup)
		hold(r)
		again(r, missed[2]) // while it holds, and before anybody was asked
		r.CaughtUp(projections.Posts.Group())
		require.Equal(w, int64(5), end(r))
		r.Work()
		for id, as := range map[domain.PostID]struct {
			outcome string
			state   post.TargetState
		}{
			missed[0]: {"published", post.Published},
			missed[1]: {"absent", post.Missed},
			missed[2]: {"published", post.Published},
			failed[0]: {"published", post.Published},
			failed[1]: {"absent", post.Failed},
		} {
			if !knows {
				as.outcome, as.state = "unknown", post.Unknown
			}
			require.Equal(w, as.outcome, asked(r, id))
			require.Equal(w, as.state, r.Target(id).State)
		}
		require.Zero(w, end(r))
		require.Len(w, r.Requests(), 3)
	})
}

// What failed long before the backup is left alone: it holds no end up.
func TestFailedLongBeforeTheBackup(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.OfClass(sandbox.Silent, wire.Options{})
	failed := ended(w, post.TargetFailed{Account: w.Account, Author: w.Carl, Code: "rejected"}, "failed")[0]
	w.CaughtUp(projections.Posts.Group())
	hold := func(since time.Duration) {
		_, err := w.Admin.Exec(w.Ctx, "select log.hold('by_hand', '', clock_timestamp() + $1::interval, $2)", since, uuid.UUID(w.Olivia))
		require.NoError(t, err)
	}
	hold(8 * 24 * time.Hour)
	require.Zero(t, end(w))
	hold(6 * 24 * time.Hour)
	require.Equal(t, int64(1), end(w))
	require.Equal(t, post.Failed, w.Target(failed).State)
}
