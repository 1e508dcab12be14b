package judge_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wire"
	"behalf/workers/jobs"
	"behalf/workers/publish"
	"behalf/workers/quarantine"
	"behalf/workers/workerstest"
)

// R69: where this installation's own memory says that nothing was sent, that is
// believed unless a backup was restored. A log that is only in doubt is looked at
// first, and as long as nobody can, nothing is recorded.
func TestDoubtIsLookedIntoFirst(t *testing.T) {
	t.Parallel()
	for _, class := range []sandbox.Class{sandbox.TwoPhase, sandbox.Silent} {
		for name, becomes := range map[string]post.TargetState{
			"in doubt":        post.Due,
			"restored":        post.Unknown,
			"nobody can look": post.Claimed,
		} {
			t.Run(sandbox.NameOf(class)+", "+name, func(t *testing.T) {
				t.Parallel()
				w := workerstest.New(t, workspace.OwnerMode)
				w.OfClass(class, wire.Options{})
				id := w.Publish(w.Carl, "it was not sent")
				claimed, ok := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: time.Second})[0].Event.(post.TargetClaimed)
				require.True(t, ok)
				if name == "restored" {
					_, err := w.Admin.Exec(w.Ctx, "select log.begin_quarantine('by_hand', '', now(), $1)", uuid.UUID(w.Olivia))
					require.NoError(t, err)
				}
				watch := quarantine.NewWatch(w.Pool, quarantine.InRedis{Client: w.RedisClient()}, nil, w.Logger())
				p := w.Publisher(func(deps *publish.Deps) { deps.Watch = watch })
				if name == "nobody can look" {
					_, err := w.Admin.Exec(w.Ctx, "drop function log.beat")
					require.NoError(t, err)
				}
				defer w.RunPublisher(p)()
				p.ArmReconcile(jobs.Claim{
					Workspace: w.Workspace, Post: id, Account: w.Account, Attempt: claimed.Attempt, Deadline: claimed.Deadline,
				})
				if becomes == post.Claimed {
					require.Never(t, func() bool { return w.Target(id).State != post.Claimed }, 4*time.Second, 50*time.Millisecond)
				}
				w.Await(id, becomes)
				require.Empty(t, w.Requests())
			})
		}
	}
}
