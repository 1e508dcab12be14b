package publish_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/domain/workspace/pausing"
	"behalf/projections"
	"behalf/workers/workerstest"
)

// R68: publishing is paused between claim and send. Nothing goes out until it
// is resumed; then it does, once.
func TestPausedBetweenClaimAndSend(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	open := w.HoldSending()
	id := w.Publish(w.Carl, "wait")
	w.Await(id, post.Claimed)
	w.As(w.Olivia, &pausing.PausePublishing{Account: w.Account})
	open()

	w.Await(id, post.Due)
	require.Empty(t, w.Requests(), "nothing is sent while it is paused")
	released := workerstest.Events[post.TargetReleased](w, id)
	require.Len(t, released, 1)
	require.Equal(t, "moved", released[0].Code)

	w.As(w.Olivia, &pausing.ResumePublishing{Account: w.Account})
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
}

// R68: what has become due while it was paused goes out at once when it is resumed,
// long before the next sweep.
func TestResumedAtOnce(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]func(*workerstest.World) domain.AccountID{
		"account":   func(w *workerstest.World) domain.AccountID { return w.Account },
		"workspace": func(*workerstest.World) domain.AccountID { return domain.AccountID{} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			w.As(w.Olivia, &pausing.PausePublishing{Account: on(w)})
			id := w.Publish(w.Carl, "wait")
			w.CaughtUp(projections.Posts.Group(), projections.Members.Group(), projections.Accounts.Group())
			_, err := w.Admin.Exec(w.Ctx, `
				insert into vault.grants (id, workspace_id, user_id, network, sealed, expires_at)
				values (gen_random_uuid(), $1, $2, 'sandbox', 'token', now() - interval '1 second')`, [16]byte(w.Workspace), [16]byte(w.Olivia))
			require.NoError(t, err)
			seldom := workerstest.Times
			seldom.Sweep = 10 * time.Minute
			w.WorkWith(w.Deps(), seldom)
			require.Eventually(t, func() bool { // it sweeps in one order
				var left int
				return w.Admin.QueryRow(w.Ctx, "select count(*) from vault.grants").Scan(&left) == nil && left == 0
			}, 20*time.Second, 10*time.Millisecond)
			require.Equal(t, post.Due, w.Target(id).State)

			w.As(w.Olivia, &pausing.ResumePublishing{Account: on(w)})
			w.Await(id, post.Published)
			require.Len(t, w.Requests(), 1)
		})
	}
}
