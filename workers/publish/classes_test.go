package publish_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/networks/wire"
	"behalf/workers/jobs"
	"behalf/workers/publish/shelf"
	"behalf/workers/workerstest"
)

// of makes the page one of a class, and the connector one for such pages.
func of(w *workerstest.World, class sandbox.Class, o wire.Options) {
	w.Helper()
	require.NoError(w, w.Sandbox.AddPage(w.Ctx, control.Page{
		Slug: networktest.Page, Name: "Acme News", Admins: []string{"olivia"}, Class: control.Class(class),
	}))
	connector, err := sandbox.New(sandbox.Config{
		URL: w.Sandbox.URL, ClientID: networktest.ClientID, ClientSecret: networks.NewSecret(networktest.ClientSecret), Class: class, Wire: o,
	})
	require.NoError(w, err)
	w.Cleanup(connector.Close)
	w.Networks[sandbox.Name] = connector
}

// What is unclear after the network has stored a post and not said so, by class:
// how the target ends, and how many posts and requests there are.
func TestStoredAndNotSaid(t *testing.T) {
	t.Parallel()
	for class, end := range map[sandbox.Class]struct {
		state    post.TargetState
		requests int
	}{
		sandbox.ClientKey:   {post.Published, 1},
		sandbox.TwoPhase:    {post.Published, 1},
		sandbox.ExpiringKey: {post.Published, 2}, // the key is repeated while the network remembers it
		sandbox.Listed:      {post.Published, 1},
		sandbox.Silent:      {post.Unknown, 1},
	} {
		t.Run(sandbox.NameOf(class), func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			of(w, class, wire.Options{})
			w.Arm(control.Fault{Call: control.Publish, Kind: control.ResetAfter, Times: 1})
			w.Work()
			id := w.Publish(w.Carl, "stored, and nobody was told")
			w.Await(id, end.state)
			require.Len(t, w.Posts(), 1)
			if class == sandbox.ExpiringKey { // whoever finds it repeats it, two at once as well
				require.GreaterOrEqual(t, len(w.Requests()), end.requests)
				return
			}
			require.Len(t, w.Requests(), end.requests)
		})
	}
}

// A worker dies between claim and send. Even where the network cannot be asked
// it is known that nothing was sent, because sending is noted before.
func TestDeadBeforeSendOnANetworkThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	of(w, sandbox.Silent, wire.Options{})
	id, noted := w.Publish(w.Carl, "not sent"), w.Publish(w.Carl, "perhaps sent")
	for _, one := range []struct {
		post  bool
		claim any
	}{{false, &sending.ClaimTarget{Post: id, Account: w.Account, Life: workerstest.Times.Claim}}, {true, &sending.ClaimTarget{Post: noted, Account: w.Account, Life: workerstest.Times.Claim}}} {
		claimed, ok := w.AsSystem(one.claim)[0].Event.(post.TargetClaimed)
		require.True(t, ok)
		if one.post {
			require.NoError(t, shelf.New(w.Pool).Note(w.Ctx, claimed.Attempt))
		}
	}
	w.Work()
	w.Await(id, post.Published)
	w.Await(noted, post.Unknown)
	require.Len(t, w.Requests(), 1)
}

// Minutes before its time a draft is made that nobody sees; at its time it is
// published, and not made again.
func TestPreparedBeforeItsTime(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	of(w, sandbox.TwoPhase, wire.Options{})
	p := w.Publisher()
	w.RunPublisher(p)
	at := time.Now().Add(6 * time.Second)
	id := w.Schedule(w.Carl, "ready early", at)
	target := jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due}
	p.ArmPreflight(target)
	drafts(w, 1)
	require.Equal(t, post.Due, w.Target(id).State)
	require.Empty(t, w.Requests())

	p.Arm(target)
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
	require.False(t, w.Requests()[0].At.Before(at), "sent early")
	require.Len(t, drafts(w, 1), 1)
	require.Equal(t, w.Posts()[0].ID, drafts(w, 1)[0].Post)
}

// What was prepared through a connection that was replaced is discarded, and
// prepared anew.
func TestAnotherConnectionPreparesAnew(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	of(w, sandbox.TwoPhase, wire.Options{})
	p := w.Publisher()
	w.RunPublisher(p)
	id := w.Schedule(w.Carl, "prepared twice", time.Now().Add(time.Minute))
	target := jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due}
	p.ArmPreflight(target)
	drafts(w, 1)
	shelved(w, id) // what somebody is at is left alone
	w.Connect(w.Olivia)
	p.ArmPreflight(target)
	made := drafts(w, 2)
	require.True(t, made[0].Discarded)
	require.False(t, made[1].Discarded)
}

// R44, R45: what a person has to mend is found while there is still time, and
// that person is asked once.
func TestTroubleIsFoundBeforeItsTime(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	p := w.Publisher()
	w.RunPublisher(p)
	require.NoError(t, w.Sandbox.Revoke(w.Ctx, "olivia"))
	for i := range 2 { // a minute lies between two posts (R57)
		id := w.Schedule(w.Carl, "to be mended", time.Now().Add(time.Duration(i+1)*time.Minute+time.Duration(i)*time.Second))
		p.ArmPreflight(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
		require.Eventually(t, func() bool { return len(w.Outages()) == 1 }, time.Minute, 10*time.Millisecond)
		require.Equal(t, post.Due, w.Target(id).State)
	}
	require.Equal(t, w.Olivia, w.Outages()[0].Holder)
	require.Equal(t, account.NeedsReauthentication, state(w))
}

func state(w *workerstest.World) account.ConnectionState {
	w.Helper()
	loaded, err := w.Store.Load(w.Ctx, everything, account.Stream(w.Account))
	require.NoError(w, err)
	return loaded.Facts[account.Stream(w.Account)].(*account.Account).ConnectionOf(w.Olivia).State
}

// drafts waits until the network has so many.
func drafts(w *workerstest.World, count int) (made []control.Draft) {
	w.Helper()
	require.Eventually(w, func() bool {
		log, err := w.Sandbox.Log(context.WithoutCancel(w.Ctx))
		made = log.On(networktest.Page).Drafts
		return err == nil && len(made) >= count
	}, time.Minute, 10*time.Millisecond)
	return made
}
