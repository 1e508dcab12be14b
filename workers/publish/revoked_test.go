package publish_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/wire"
	"behalf/workers/jobs"
	"behalf/workers/workerstest"
)

// watched tells of every access that the network has confirmed.
type watched struct {
	networks.Connector
	confirmed chan<- struct{}
}

func (c watched) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	access, err := c.Connector.VerifyAccess(ctx, s)
	if err == nil {
		c.confirmed <- struct{}{}
	}
	return access, err
}

// A token is revoked at the network between preflight and send. What was fine
// minutes before is refused when it is sent, with an answer that is documented
// as the end of the authorization (R45): nothing is sent, and the one who can
// mend it is asked, once (R44). Mended, what is still due goes out by itself,
// and what is past due when a person says so (R47).
func TestRevokedBetweenPreflightAndSend(t *testing.T) {
	t.Parallel()
	for _, class := range []sandbox.Class{sandbox.ClientKey, sandbox.TwoPhase} {
		t.Run(sandbox.NameOf(class), func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			w.OfClass(class, wire.Options{})
			confirmed := make(chan struct{}, 100)
			w.Networks[sandbox.Name] = watched{w.Networks[sandbox.Name], confirmed}
			w.Work()
			begun := time.Now()
			first, second := w.PublishAt(w.Carl, "refused", begun.Add(8*time.Second)), w.PublishAt(w.Carl, "still due", begun.Add(18*time.Second))
			looking := w.Publisher()
			w.RunPublisher(looking)
			for _, id := range []domain.PostID{first, second} {
				looking.ArmPreflight(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
				select {
				case <-confirmed:
				case <-w.Ctx.Done():
					require.Fail(t, "no preflight")
				}
			}
			if class == sandbox.TwoPhase {
				w.AwaitDrafts(2)
			}
			require.Empty(t, w.Outages(), "in preflight all was fine")
			require.NoError(t, w.Sandbox.Revoke(w.Ctx, "olivia"))

			held := w.Await(first, post.NeedsReauthentication)
			require.Equal(t, w.Olivia, held.Holder)
			require.Empty(t, w.Posts())
			_, err := w.Inbox.Wait(w.Ctx, workerstest.To(workerstest.OliviaEmail))
			require.NoError(t, err)
			asked := workerstest.On[account.ReauthenticationNeeded](w, account.Stream(w.Account))
			require.Len(t, asked, 1)
			require.Equal(t, "invalid_grant", asked[0].Code)

			w.Connect(w.Olivia)
			mended := w.ConnectionOf(w.Olivia)
			require.Equal(t, mended, w.Await(second, post.Published).Claim.Connection)
			require.Equal(t, post.NeedsReauthentication, w.Target(first).State, "past due, it waits for a person")
			w.As(w.Carl, &planning.PublishTargetNow{Post: first, Account: w.Account})
			require.Equal(t, mended, w.Await(first, post.Published).Claim.Connection)
			require.ElementsMatch(t, []string{"refused", "still due"}, texts(w))
			require.Len(t, w.Outages(), 1, "once per outage, not once per post")
			require.Len(t, w.Inbox.Messages(), 1)
		})
	}
}

func texts(w *workerstest.World) (shown []string) {
	for _, one := range w.Posts() {
		shown = append(shown, one.Text)
	}
	return shown
}
