package letters_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/post/review"
	"behalf/domain/workspace"
	"behalf/domain/workspace/membership"
	"behalf/internal/mail/capture"
	"behalf/projections"
	"behalf/workers/workerstest"
)

// R51, R53, R54: who may approve a post is asked; the author is told what came of
// it, with the note; a digest holds what is still true.
func TestApprovalIsAskedFor(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Append(workspace.Stream(w.Workspace), workspace.ApprovalChanged{Member: w.Carl, Account: w.Account, ApprovesPosts: true})
	w.CaughtUp(projections.Members.Group()) // the policy begins after it
	newly(w, time.Hour)
	id := w.Schedule(w.Olivia, "Open on Sunday", time.Now().Add(24*time.Hour))
	require.Equal(t, post.Waiting, w.Target(id).State)
	asked, err := w.Inbox.Wait(w.Ctx, toCarl)
	require.NoError(t, err)
	require.Contains(t, asked.Text, "A post to “Acme News” in “Acme” waits for your approval.")
	require.Contains(t, asked.Text, "• Open on Sunday")
	require.Contains(t, asked.Text, workerstest.PublicURL+"/v1/workspaces/"+w.Workspace.String()+"/posts/"+id.String())

	w.As(w.Carl, &review.DeclinePost{Post: id, Revision: 1, Note: "Saturday, please."})
	declined, err := w.Inbox.Wait(w.Ctx, toOlivia)
	require.NoError(t, err)
	require.Contains(t, declined.Text, "Your post to “Acme News” in “Acme” was declined, with a note.")
	require.Contains(t, declined.Text, "> Saturday, please.")
	require.Len(t, w.Inbox.Messages(), 2, "nobody else, and nobody of what they did")
}

// R64: what is not true any more when it is mailed is not mailed: an approval that
// was given is not asked for, and who has gone is told nothing of any post.
func TestWhatIsNotTrueAnyMoreIsNotAskedFor(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]func(w *workerstest.World, id domain.PostID){
		"approved": func(w *workerstest.World, id domain.PostID) {
			w.As(w.Carl, &review.ApprovePost{Post: id, Revision: 1})
		},
		"unscheduled": func(w *workerstest.World, id domain.PostID) { w.As(w.Olivia, &planning.UnschedulePost{Post: id}) },
		"removed":     func(w *workerstest.World, _ domain.PostID) { w.As(w.Olivia, &membership.RemoveMember{Member: w.Carl}) },
		"approves no more": func(w *workerstest.World, _ domain.PostID) {
			w.Append(workspace.Stream(w.Workspace), workspace.ApprovalChanged{Member: w.Carl, Account: w.Account})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			w.Append(workspace.Stream(w.Workspace), workspace.ApprovalChanged{Member: w.Carl, Account: w.Account, ApprovesPosts: true})
			_, err := w.Pool.Exec(w.Ctx, "insert into workers.digests (person, made_at) values ($1, now())", [16]byte(w.Carl))
			require.NoError(t, err) // until both are gathered, none is made
			newly(w, time.Hour)
			gone := w.Schedule(w.Olivia, "This one is gone", time.Now().Add(24*time.Hour))
			w.CaughtUp("policy:jobs:1")
			changes(w, gone)
			w.CaughtUp("policy:jobs:1", projections.Posts.Group())
			_, err = w.Pool.Exec(w.Ctx, "update workers.digests set made_at = now() - interval '2 hours'")
			require.NoError(t, err)
			if name == "removed" {
				told, err := w.Inbox.Wait(w.Ctx, toCarl)
				require.NoError(t, err)
				require.NotContains(t, told.Text, "approval")
				require.NotContains(t, told.Text, "This one is gone")
				return
			}
			if name == "approves no more" {
				told, err := w.Inbox.Wait(w.Ctx, toCarl)
				require.NoError(t, err)
				require.NotContains(t, told.Text, "waits for your approval")
				return
			}
			w.AwaitDigest(w.Carl, "obsolete")
			for _, m := range w.Inbox.Messages() {
				require.False(t, toCarl(m))
			}
		})
	}
}

// R59: of a post of which nobody knows whether it is on the network, author and
// Owner are told at once, in plain words.
func TestUnknownIsTold(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	newly(w, time.Hour)
	id := w.Schedule(w.Carl, "Who knows", time.Now().Add(24*time.Hour))
	w.Append(post.Stream(id), post.TargetUnknown{Account: w.Account, Author: w.Carl, Owner: w.Olivia, Detail: "The network could not be asked for a day."})
	for _, to := range []func(capture.Message) bool{toCarl, toOlivia} {
		told, err := w.Inbox.Wait(w.Ctx, to)
		require.NoError(t, err)
		require.Equal(t, "Acme: is this post on the network?", told.Subject)
		require.Contains(t, told.Text, "Nobody knows whether a post to “Acme News” in “Acme” was published. The network could not be asked for a day.")
		require.Contains(t, told.Text, "Look for it on the network.")
		require.Contains(t, told.Text, "• Who knows")
	}
}

// R56, R58: each target that ends otherwise than its author wanted is told, in one
// digest, with why; what was set right meanwhile is left out.
func TestFailedAndMissed(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	_, err := w.Pool.Exec(w.Ctx, "insert into workers.digests (person, made_at) values ($1, now())", [16]byte(w.Carl))
	require.NoError(t, err)
	newly(w, time.Hour)
	failed := w.Schedule(w.Carl, "Refused", time.Now().Add(24*time.Hour))
	missed := w.Schedule(w.Carl, "Too late", time.Now().Add(25*time.Hour))
	mended := w.Schedule(w.Carl, "Mended", time.Now().Add(26*time.Hour))
	w.Append(post.Stream(failed), post.TargetFailed{Account: w.Account, Author: w.Carl, Holder: w.Olivia, Code: "not_admin", Detail: "No admin of the page."})
	w.Append(post.Stream(missed), post.TargetMissed{Account: w.Account, Author: w.Carl, Code: "grace_passed", Detail: "It could not be sent."})
	w.Append(post.Stream(mended), post.TargetMissed{Account: w.Account, Author: w.Carl, Code: "grace_passed"})
	w.Append(post.Stream(mended), post.TargetScheduled{Account: w.Account, At: time.Now().Add(26 * time.Hour)})
	w.CaughtUp("policy:jobs:1")
	_, err = w.Pool.Exec(w.Ctx, "update workers.digests set made_at = now() - interval '2 hours'")
	require.NoError(t, err)
	told, err := w.Inbox.Wait(w.Ctx, toCarl)
	require.NoError(t, err)
	require.Equal(t, "Acme: 2 changes that concern you", told.Subject)
	require.Contains(t, told.Text, "A post of yours to “Acme News” in “Acme” was refused by the network. No admin of the page.")
	require.Contains(t, told.Text, "Your post to “Acme News” in “Acme” was not published. It could not be sent.")
	holder, err := w.Inbox.Wait(w.Ctx, toOlivia)
	require.NoError(t, err)
	require.Contains(t, holder.Text, "your connection may not publish it. No admin of the page.")
}
