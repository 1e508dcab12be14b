package quarantine_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/post/writing"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/wire"
	"behalf/projections"
	"behalf/workers/workerstest"
)

// known lets a worker look where the log lives.
func known(w *workerstest.World) {
	w.Helper()
	stop := w.Work()
	defer stop()
	require.Eventually(w, func() bool {
		var beat int64
		return w.Pool.QueryRow(w.Ctx, "select beat from log.lineage").Scan(&beat) == nil && beat > 0
	}, 20*time.Second, 10*time.Millisecond)
}

// begun waits until the quarantine's row is there, and answers its reason.
func begun(w *workerstest.World) (reason string) {
	w.Helper()
	require.Eventually(w, func() bool {
		return w.Pool.QueryRow(w.Ctx, "select reason from log.quarantines where ended_at is null").Scan(&reason) == nil
	}, 20*time.Second, 10*time.Millisecond)
	return reason
}

// asked waits until a network was asked about a target, and answers what it said.
func asked(w *workerstest.World, id domain.PostID) (outcome string) {
	w.Helper()
	require.Eventually(w, func() bool {
		return w.Pool.QueryRow(w.Ctx, `
			select outcome
			from log.reconsidered
			where post_id = $1
			and outcome is not null`, uuid.UUID(id)).Scan(&outcome) == nil
	}, 40*time.Second, 10*time.Millisecond)
	return outcome
}

// end ends the quarantine as an operator does, and answers how much was left.
func end(w *workerstest.World) (remaining int64) {
	w.Helper()
	require.NoError(w, w.Admin.QueryRow(w.Ctx, "select log.end_quarantine($1)", uuid.UUID(w.Olivia)).Scan(&remaining))
	return remaining
}

// R69, R59: what was published after the backup is not published again after
// the restore: the network is asked, and what it shows is recorded. What cannot
// be known is for a person; what was certainly not sent waits for the end, and
// is then sent once.
func TestRestoredBackup(t *testing.T) {
	t.Parallel()
	onEachNetwork(t, func(w *workerstest.World, knows bool) {
		sent := w.Publish(w.Carl, "since the backup") // due, and nobody is at work
		claimed := w.Publish(w.Carl, "claimed in the backup")
		w.AsSystem(&sending.ClaimTarget{Post: claimed, Account: w.Account, Life: workerstest.Times.Claim})
		w.CaughtUp(projections.Posts.Group())
		backup := w.Backup()
		stop := w.Work()
		w.Await(sent, post.Published)
		w.Await(claimed, post.Published)
		stop()
		require.Len(w, w.Posts(), 2)
		requests := len(w.Requests())

		r := w.Restore(backup)
		require.Equal(w, post.Due, r.Target(sent).State, "the backup does not know it")
		absent := r.Publish(r.Carl, "never sent")
		r.Work()
		require.Equal(w, "copied", begun(r))
		became := post.Published
		if !knows {
			became = post.Unknown
		}
		r.Await(sent, became)
		r.Await(claimed, became)
		if !knows { // nothing can be known about any of them
			require.Equal(w, "unknown", asked(r, absent))
			require.Equal(w, post.Unknown, r.Target(absent).State)
			require.Zero(w, end(r))
			require.Len(w, r.Requests(), requests)
			return
		}
		require.Equal(w, "absent", asked(r, absent))
		require.Equal(w, post.Due, r.Target(absent).State)
		require.Len(w, r.Requests(), requests, "nothing is sent before the end")
		require.Zero(w, end(r))
		r.Await(absent, post.Published)
		require.Len(w, r.Requests(), requests+1)
		require.Len(w, r.Posts(), 3)
	})
}

// A post was edited after the backup, and published: it is found by the key of
// the revision that the log has forgotten.
func TestEditedSinceTheBackup(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	known(w)
	id := w.Publish(w.Carl, "as it was")
	w.CaughtUp(projections.Posts.Group())
	backup := w.Backup()
	w.As(w.Carl, &writing.EditPost{Post: id, Content: post.Content{Text: "as it went out", Targets: []post.Destination{{Account: w.Account}}}})
	stop := w.Work()
	w.Await(id, post.Published)
	stop()

	r := w.Restore(backup)
	r.Work()
	r.Await(id, post.Published)
	require.Len(t, r.Requests(), 1)
}

// The picture of an older revision, or of the present one, is not there any more. A
// network that answers by the key is asked by that alone; of another one, which
// would have to be searched for the post, a person has to find out (R59).
func TestThePictureIsGoneSinceTheBackup(t *testing.T) {
	t.Parallel()
	for class, knows := range map[sandbox.Class]bool{sandbox.ClientKey: true, sandbox.Listed: false} {
		t.Run(sandbox.NameOf(class), func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			w.OfClass(class, wire.Options{})
			due := func() domain.PostID { return w.Due(w.Carl, w.Pictured("with a picture"), time.Now()) }
			edited, same, unsent := due(), due(), due()
			for _, id := range []domain.PostID{edited, same} {
				require.NoError(t, w.AtNetwork(func(c networks.Connector, s networks.Session) error {
					_, err := c.Publish(w.Ctx, s, networks.Attempt{Key: sending.Key(id, w.Account, 1), Content: networks.Content{Text: "with a picture"}})
					return err
				}))
			}
			hold(w)
			rewrite(w, edited)
			w.CaughtUp(projections.Posts.Group())
			w.Work()
			for id, as := range map[domain.PostID]struct {
				outcome string
				state   post.TargetState
			}{
				edited: {"published", post.Published},
				same:   {"published", post.Published},
				unsent: {"absent", post.Due},
			} {
				if !knows {
					as.outcome, as.state = "unknown", post.Unknown
				}
				require.Equal(t, as.outcome, asked(w, id))
				require.Equal(t, as.state, w.Target(id).State)
				if !knows {
					require.Equal(t, "A backup was restored. A picture or film of the post is not there any more, and without it the network cannot be asked about the post.",
						workerstest.AwaitEvent[post.TargetUnknown](w, id).Detail)
				}
			}
			require.Len(t, w.Requests(), 2)
		})
	}
}

// What nobody can be asked about holds the end up, until an operator gives up:
// then a person decides.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	known(w)
	id := w.Publish(w.Carl, "the network is away")
	w.CaughtUp(projections.Posts.Group())
	r := w.Restore(w.Backup())
	r.Arm(control.Fault{Call: control.Read, Kind: control.FailBefore})
	r.Work()
	begun(r)
	require.Eventually(t, func() bool {
		var code string
		return r.Pool.QueryRow(r.Ctx, "select code from log.reconsidered where post_id = $1 and code <> ''", uuid.UUID(id)).Scan(&code) == nil
	}, 20*time.Second, 10*time.Millisecond)
	require.Equal(t, int64(1), end(r), "it is not asked about yet")
	require.Equal(t, post.Due, r.Target(id).State)
	var given bool
	require.NoError(t, r.Admin.QueryRow(r.Ctx, "select log.forfeit_quarantine($1)", uuid.UUID(w.Olivia)).Scan(&given))
	require.True(t, given)
	r.Await(id, post.Unknown)
	r.CaughtUp(projections.Posts.Group())
	require.Zero(t, end(r))
	require.Equal(t, int64(-1), end(r), "there is none any more")
	require.Empty(t, r.Requests())
}
