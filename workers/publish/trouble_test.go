package publish_test

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
	"behalf/workers/jobs"
	"behalf/workers/workerstest"
)

// nameless is a network that does not know the identity that it is asked about,
// and lets the connection post to the page: asked in turns.
func nameless(w *workerstest.World) networks.Connector {
	network, asked := w.Networks[sandbox.Name], &atomic.Int32{}
	return verifying{network, func(ctx context.Context, s networks.Session) (networks.Access, error) {
		if asked.Add(1)%2 == 1 {
			return networks.Access{}, &networks.Failure{Kind: networks.NoPermission, Code: "unknown_identity", Detail: "The page does not have it."}
		}
		return network.VerifyAccess(ctx, s)
	}}
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
				w.Networks[sandbox.Name] = nameless(w)
			}
			w.Work()
			id := w.Schedule(w.Carl, c.text, time.Now().Add(time.Minute))
			found := workerstest.AwaitEvent[post.TargetTroubled](w, id)
			require.Equal(t, c.code, found.Code)
			require.Equal(t, mends, found.To)
			require.Equal(t, c.rights, found.Rights)
			require.Equal(t, post.Due, w.Target(id).State)
			told, err := w.Inbox.Wait(w.Ctx, to(address))
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
