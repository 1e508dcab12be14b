package publish_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/planning"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/eventstore"
	"behalf/internal/clock"
	"behalf/internal/networks/facebook/groups"
	"behalf/internal/telemetry"
	"behalf/workers/jobs"
	"behalf/workers/meter"
	"behalf/workers/publish"
	"behalf/workers/quarantine"
	"behalf/workers/workerstest"
)

// What no program may post is handed over at its moment to the person whose
// connection a program would have used, with what is to be posted and where;
// nobody has to connect anything, and nobody is asked to (R44). They say where
// it is.
func TestHandedOver(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.AddByHand(groups.New(), groups.Name, "https://www.facebook.com/groups/acme")
	w.Work()
	at := time.Now().Add(2500 * time.Millisecond)
	id := w.Schedule(w.Olivia, "We are open on Sunday.\nCome by!", at)
	target := w.Await(id, post.HandedOver)
	require.Equal(t, w.Olivia, target.Holder)
	require.Empty(t, workerstest.Events[post.TargetClaimed](w, id))
	require.False(t, workerstest.AwaitRecorded[post.TargetHandedOver](w, id).RecordedAt.Before(at), "handed over early")

	told, err := w.Inbox.Wait(w.Ctx, workerstest.To(workerstest.OliviaEmail))
	require.NoError(t, err)
	require.Contains(t, told.Text, "It is time to publish a post to “Acme Group” in “Acme”.")
	require.Contains(t, told.Text, "Publish it here: https://www.facebook.com/groups/acme")
	require.Contains(t, told.Text, "> We are open on Sunday.\n> Come by!")
	require.Contains(t, told.Text, workerstest.PublicURL+"/v1/workspaces/"+w.Workspace.String()+"/posts/"+id.String())

	w.As(w.Olivia, &ending.ConfirmPosted{Post: id, Account: w.Account, URL: "https://www.facebook.com/groups/acme/posts/1"})
	require.Equal(t, post.Published, w.Target(id).State)
	require.Empty(t, w.Outages())
	require.Len(t, w.Inbox.Messages(), 1)
}

// R37: in mode member it is the member, who has connected nothing and is asked
// for nothing ahead; past the grace nobody is bothered any more (R56).
func TestHandedOverToTheMember(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.AddByHand(groups.New(), groups.Name, "")
	w.As(w.Olivia, &assignment.AssignAccount{Whom: workspace.Whom{Member: w.Carl}, Assignment: workspace.Assignment{Account: w.Account, CredentialMode: workspace.MemberMode}})
	id := w.Publish(w.Carl, "by Carl's own hand")
	p := w.Publisher()
	p.ArmPreflight(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
	stop := w.RunPublisher(p)
	require.Eventually(t, func() bool { return p.Waiting() == 0 }, time.Minute, 10*time.Millisecond)
	stop() // which waits for it
	require.Empty(t, w.Outages())
	require.Equal(t, post.Due, w.Target(id).State)

	said := explained(w, w.Carl)
	require.True(t, said.MayPublish, "what is said beforehand is what happens")
	w.Work()
	require.Equal(t, said.Holder, w.Await(id, post.HandedOver).Holder)
	told, err := w.Inbox.Wait(w.Ctx, workerstest.To(workerstest.CarlEmail))
	require.NoError(t, err)
	require.NotContains(t, told.Text, "Publish it here")
	require.Len(t, workerstest.Events[post.TargetHandedOver](w, id), 1)
	require.Empty(t, w.Outages())
}

// explained is what the API answers to whether somebody may publish.
func explained(w *workerstest.World, who domain.UserID) credential.Answer {
	w.Helper()
	within, to := workspace.Stream(w.Workspace), account.Stream(w.Account)
	loaded, err := w.Store.Load(w.Ctx, eventstore.Scope{Workspace: w.Workspace}, within, to)
	require.NoError(w, err)
	return credential.Explain(*domain.Fact[*workspace.Workspace](loaded.Facts, within), w.Account, *domain.Fact[*account.Account](loaded.Facts, to), who)
}

// What waits for its moment to be handed over, and is moved a little, is handed
// over at the new one: its new job is not taken for a second one of the old.
func TestHandedOverWhereItWasMoved(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.AddByHand(groups.New(), groups.Name, "")
	id := w.Schedule(w.Olivia, "a moment later", time.Now().Add(time.Hour))
	old := jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due}
	moved := old
	moved.Due = old.Due.Add(400 * time.Millisecond)

	var now atomic.Pointer[time.Time]
	turn := func(to time.Time) { now.Store(&to) }
	turn(old.Due.Add(-time.Second))
	var begun atomic.Int64
	metrics := telemetry.NewMetrics()
	p := w.Publisher(func(deps *publish.Deps) {
		deps.AtOnce, deps.Meter = 1, meter.New(metrics)
		deps.Clock = clock.New(func() time.Time { return *now.Load() }, func(context.Context) (time.Time, error) {
			begun.Add(1)
			return *now.Load(), nil
		})
	})
	defer w.RunPublisher(p)()
	p.Arm(old)
	require.Eventually(t, func() bool { return begun.Load() == 1 }, 20*time.Second, time.Millisecond)
	w.As(w.Olivia, &planning.ReschedulePost{Post: id, At: moved.Due})
	p.Arm(moved)
	waiting(w, p, 0)
	turn(old.Due.Add(time.Millisecond))
	require.Eventually(t, func() bool { // the old moment has come, and is none any more
		page := httptest.NewRecorder()
		metrics.Handler().ServeHTTP(page, httptest.NewRequestWithContext(w.Ctx, http.MethodGet, "/metrics", nil))
		return strings.Contains(page.Body.String(), `outcome="refused"`)
	}, 20*time.Second, 5*time.Millisecond)
	turn(moved.Due.Add(time.Second))
	w.Await(id, post.HandedOver)
	require.Len(t, workerstest.Events[post.TargetHandedOver](w, id), 1)
}

// Two workers hand the same target over: one person is asked once.
func TestTwoHandOver(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.AddByHand(groups.New(), groups.Name, "")
	id := w.Publish(w.Olivia, "by hand")
	var stops []func()
	for range 2 {
		p := w.Publisher()
		p.Arm(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
		stops = append(stops, w.RunPublisher(p))
		require.Eventually(t, func() bool { return p.Waiting() == 0 }, time.Minute, 10*time.Millisecond)
	}
	for _, stop := range stops {
		stop()
	}
	require.Len(t, workerstest.Events[post.TargetHandedOver](w, id), 1)
}

// R69: a quarantine that has begun since this process looked keeps a target from
// being handed over, as it keeps one from being sent.
func TestNothingIsHandedOverInAQuarantine(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.AddByHand(groups.New(), groups.Name, "")
	id := w.Publish(w.Olivia, "by hand, perhaps once more")
	watch := quarantine.NewWatch(w.Pool, quarantine.InRedis{Client: w.RedisClient()}, nil, w.Logger())
	require.NoError(t, watch.Check(w.Ctx))
	_, err := w.Admin.Exec(w.Ctx, "select log.begin_quarantine('by_hand', '', now(), null)")
	require.NoError(t, err)
	require.False(t, watch.Holds())
	p := w.Publisher(func(deps *publish.Deps) { deps.Watch = watch })
	p.Arm(jobs.Target{Workspace: w.Workspace, Post: id, Account: w.Account, Due: w.Target(id).Due})
	stop := w.RunPublisher(p)
	require.Eventually(t, func() bool { return p.Waiting() == 0 && watch.Holds() }, time.Minute, 10*time.Millisecond)
	stop()
	require.Equal(t, post.Due, w.Target(id).State)
}
