package prepare_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/post/planning"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wire"
	"behalf/projections"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/publish/shelf"
	"behalf/workers/workerstest"
)

// R69: what was prepared before a backup is a part of what went out since, or may
// be, although the log knows of no attempt: it is not discarded at the network.
func TestARestoredDraftIsNotDiscarded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		learned func(w *workerstest.World, ref outcome.AttemptRef) any
		kept    int
	}{
		"published": {func(_ *workerstest.World, ref outcome.AttemptRef) any {
			return &outcome.RecordPublished{AttemptRef: ref, Remote: "1"}
		}, 0},
		"unknown": {func(_ *workerstest.World, ref outcome.AttemptRef) any {
			return &outcome.DoubtTarget{Post: ref.Post, Account: ref.Account, Detail: "Nobody can say."}
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			p, id := preparedDraft(w)
			w.AsSystem(test.learned(w, outcome.AttemptRef{Post: id, Account: w.Account}))
			tidied(w, p)
			require.False(t, w.AwaitDrafts(1)[0].Discarded)
			items, err := shelf.New(w.Pool).Of(w.Ctx, id, w.Account)
			require.NoError(t, err)
			require.Len(t, items, test.kept)
		})
	}
}

// R69: a target that a backup holds as missed or failed, or as a draft again, may have
// gone out since, by a person or a repetition that nobody knows of any more. What was
// prepared for it is left where it is; without a restore it is discarded.
func TestWhatIsOfBeforeARestoreStays(t *testing.T) {
	t.Parallel()
	for name, ended := range map[string]func(w *workerstest.World, id domain.PostID){
		"missed": func(w *workerstest.World, id domain.PostID) {
			w.Append(post.Stream(id), post.TargetMissed{Account: w.Account, Author: w.Carl, Code: "grace_passed"})
		},
		"failed": func(w *workerstest.World, id domain.PostID) {
			w.Append(post.Stream(id), post.TargetFailed{Account: w.Account, Author: w.Carl, Code: "refused"})
		},
		"unscheduled": func(w *workerstest.World, id domain.PostID) { w.As(w.Carl, &planning.UnschedulePost{Post: id}) },
	} {
		for _, restored := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/%v", name, restored), func(t *testing.T) {
				t.Parallel()
				w := workerstest.New(t, workspace.OwnerMode)
				p, id := preparedDraft(w)
				ended(w, id)
				if restored {
					w.CaughtUp(projections.Posts.Group())
					_, err := w.Admin.Exec(w.Ctx, "select log.begin_quarantine('by_hand', '', now() + interval '8 days', null)") // it ended too long before to be asked about
					require.NoError(t, err)
					_, err = w.Admin.Exec(w.Ctx, `
						insert into log.reconsidered (quarantine_id, post_id, account_id, outcome)
						select quarantine, post_id, account_id, 'absent'
						from log.unreconciled()`) // as a network would say
					require.NoError(t, err)
					var left int
					require.NoError(t, w.Admin.QueryRow(w.Ctx, "select log.end_quarantine(gen_random_uuid())").Scan(&left))
					require.Zero(t, left)
				}
				tidied(w, p)
				require.Equal(t, !restored, w.AwaitDrafts(1)[0].Discarded)
				items, err := shelf.New(w.Pool).Of(w.Ctx, id, w.Account)
				require.NoError(t, err)
				require.Empty(t, items)
			})
		}
	}
}

// preparedDraft is a post that is due in a minute, and whose draft is made.
func preparedDraft(w *workerstest.World) (*publish.Publisher, domain.PostID) {
	w.Helper()
	w.OfClass(sandbox.TwoPhase, wire.Options{})
	return prepared(w)
}

// prepared is the same on a network that makes drafts.
func prepared(w *workerstest.World) (*publish.Publisher, domain.PostID) {
	w.Helper()
	p := w.Publisher()
	w.RunPublisher(p)
	id := w.Schedule(w.Carl, "prepared before the backup", time.Now().Add(time.Minute))
	p.ArmPreflight(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
	w.AwaitDrafts(1)
	shelved(w, id)
	return p, id
}

// shelved waits until whoever prepares a post has finished.
func shelved(w *workerstest.World, id domain.PostID) {
	w.Helper()
	require.Eventually(w, func() bool {
		items, err := shelf.New(w.Pool).Of(w.Ctx, id, w.Account)
		return err == nil && len(items) == 1 && items[0].Ready
	}, 20*time.Second, 5*time.Millisecond)
}

// tidied has the publisher tidy what nobody has touched for long.
func tidied(w *workerstest.World, p *publish.Publisher) {
	w.Helper()
	untouched(w)
	require.NoError(w, p.Tidy(w.Ctx))
}

func untouched(w *workerstest.World) {
	w.Helper()
	_, err := w.Admin.Exec(w.Ctx, "update workers.prepared set touched_at = now() - interval '1 day'")
	require.NoError(w, err)
}
