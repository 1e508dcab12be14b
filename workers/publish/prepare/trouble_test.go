package prepare_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/workers/jobs"
	"behalf/workers/workerstest"
)

// nameless is a network that does not know the identity that it is asked about,
// and lets the connection post to the page: asked in turns.
type nameless struct {
	networks.Connector
	asked *atomic.Int32
}

func (n nameless) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	if n.asked.Add(1)%2 == 1 {
		return networks.Access{}, &networks.Failure{Kind: networks.NoPermission, Code: "unknown_identity", Detail: "The page does not have it."}
	}
	return n.Connector.VerifyAccess(ctx, s)
}

// R37, R60: what the network would refuse is told before its time, once, to the
// one person who can mend it: the author what the post says, the holder what
// their connection may not do for this post alone.
func TestTroubleIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text   string
		rights bool
		code   string
		mail   string
	}{
		"the content": {text: strings.Repeat("x", 501), code: "text_too_long", mail: "Your post to “Acme News” in “Acme” goes out in a few minutes, and the network would refuse it."},
		"the rights":  {text: "short", rights: true, code: "unknown_identity", mail: "the network would refuse it: your connection may not publish it."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			mends, address := w.Carl, workerstest.CarlEmail
			if c.rights {
				mends, address = w.Olivia, workerstest.OliviaEmail
				w.Networks[sandbox.Name] = nameless{w.Networks[sandbox.Name], &atomic.Int32{}}
			}
			w.Work()
			id := w.Schedule(w.Carl, c.text, time.Now().Add(time.Minute))
			found := workerstest.AwaitEvent[post.TargetTroubled](w, id)
			require.Equal(t, c.code, found.Code)
			require.Equal(t, mends, found.To)
			require.Equal(t, c.rights, found.Rights)
			require.Equal(t, post.Due, w.Target(id).State)
			told, err := w.Inbox.Wait(w.Ctx, workerstest.To(address))
			require.NoError(t, err)
			require.Contains(t, told.Text, c.mail)

			p := w.Publisher() // another worker looks it over again
			p.ArmPreflight(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
			stop := w.RunPublisher(p)
			require.Eventually(t, func() bool { return p.Waiting() == 0 }, time.Minute, 10*time.Millisecond)
			stop() // which waits for it
			require.Len(t, workerstest.Events[post.TargetTroubled](w, id), 1, "once")
			require.Empty(t, w.Outages(), "the connection itself works")
		})
	}
}

// R37, R44, R47: a right that was lost since the last daily check is found before
// anything fails: its holder is asked minutes before, and what is mended in time
// goes out by itself.
func TestLostRightIsFoundBeforeItsTime(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	require.NoError(t, w.Sandbox.RemoveAdmin(w.Ctx, networktest.Page, "olivia"))
	w.Work()
	mended := w.PublishAt(w.Carl, "mended", time.Now().Add(20*time.Second))
	p := w.Publisher()
	w.RunPublisher(p)
	for range 2 { // it is looked over twice
		p.ArmPreflight(jobs.Target{Workspace: w.Workspace, Post: mended, Account: w.Account, Due: w.Target(mended).Due})
		require.Eventually(t, func() bool { return len(w.Outages()) == 1 && p.Waiting() == 0 }, time.Minute, 10*time.Millisecond)
	}
	require.Equal(t, w.Olivia, w.Outages()[0].Holder)
	require.Equal(t, "not_admin", w.Outages()[0].Code)
	require.Equal(t, post.Due, w.Target(mended).State)
	require.Empty(t, workerstest.Events[post.TargetTroubled](w, mended), "the holder was asked already")
	_, err := w.Inbox.Wait(w.Ctx, workerstest.To(workerstest.OliviaEmail))
	require.NoError(t, err)
	w.GiveBack(w.Olivia)
	require.Equal(t, w.ConnectionOf(w.Olivia), w.Await(mended, post.Published, post.Failed).Claim.Connection)
	require.Len(t, w.Outages(), 1)
}
