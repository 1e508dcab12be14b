package sweep_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/testkit"
	"behalf/projections"
	"behalf/projections/work"
	"behalf/workers/jobs"
	"behalf/workers/outbox"
	"behalf/workers/sweep"
	"behalf/workers/workerstest"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// list is a queue that remembers.
type list struct {
	mutex sync.Mutex
	jobs  []jobs.Job
}

func (l *list) Enqueue(_ context.Context, job jobs.Job) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.jobs = append(l.jobs, job)
	return nil
}

func (l *list) ids() (ids []string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, job := range l.jobs {
		ids = append(ids, job.ID)
	}
	return ids
}

// newSweeper makes a sweeper at a moment that the test chooses.
func newSweeper(w *workerstest.World, now time.Time, every time.Duration) (*sweep.Sweeper, *list) {
	return sweeperBy(w, func() time.Time { return now }, nil, every)
}

func sweeperBy(w *workerstest.World, now func() time.Time, held func() bool, every time.Duration) (*sweep.Sweeper, *list) {
	queue := &list{}
	return sweep.New(depsOf(w, queue, now, held, every)), queue
}

func depsOf(w *workerstest.World, queue *list, now func() time.Time, held func() bool, every time.Duration) sweep.Deps {
	return sweep.Deps{
		Pool: w.Pool, Store: w.Store, Work: work.NewReader(w.Pool), Box: outbox.New(w.Pool), Vault: w.Vault, Queue: queue,
		Settle: func(context.Context) error { return nil }, Erase: w.Erase, Held: held,
		Tidy:   func(context.Context) error { return nil },
		Logger: w.Logger(), Now: now, Every: every, Apart: outbox.Apart,
	}
}

// What is due soon has its usual task, so that one that is there already
// stands; what is late has a new one each time, so that none stands in its way.
func TestDue(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	at := time.Now().Add(5 * time.Minute).UTC().Truncate(time.Millisecond)
	soon := w.Schedule(w.Carl, "soon", at)
	w.Schedule(w.Carl, "tomorrow", at.Add(24*time.Hour))
	w.CaughtUp(projections.Posts.Group())
	target := jobs.Target{Workspace: w.Workspace, Post: soon, Account: w.Account, Due: at}
	usual := jobs.Publish(target)

	for range 2 {
		sweeper, queue := newSweeper(w, at.Add(-jobs.Ahead/2), time.Minute)
		require.NoError(t, sweeper.Sweep(w.Ctx))
		require.Equal(t, []jobs.Job{usual, jobs.Preflight(target)}, queue.jobs)
	}
	seen := map[string]bool{usual.ID: true}
	for late := range 2 {
		sweeper, queue := newSweeper(w, at.Add(time.Minute*time.Duration(late+1)), time.Minute)
		require.NoError(t, sweeper.Sweep(w.Ctx))
		require.Len(t, queue.jobs, 1)
		require.False(t, seen[queue.jobs[0].ID], "the id was used before")
		seen[queue.jobs[0].ID] = true
	}
}

// R59: attempts without an end are reconciled: at their deadline when that
// comes before the next sweep, at once when it has passed.
func TestStuck(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	id := w.Publish(w.Carl, "claimed")
	claimed, ok := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: 30 * time.Second})[0].Event.(post.TargetClaimed)
	require.True(t, ok)
	w.CaughtUp(projections.Posts.Group())

	early, queue := newSweeper(w, claimed.Deadline.Add(-10*time.Second), time.Second)
	require.NoError(t, early.Sweep(w.Ctx))
	require.Empty(t, queue.jobs)
	before, queue := newSweeper(w, claimed.Deadline.Add(-10*time.Second), time.Minute)
	require.NoError(t, before.Sweep(w.Ctx))
	require.Equal(t, []string{claimed.Attempt.String()}, queue.ids())
	after, queue := newSweeper(w, claimed.Deadline.Add(time.Second), time.Minute)
	require.NoError(t, after.Sweep(w.Ctx))
	require.Len(t, queue.jobs, 1)
	require.NotEqual(t, claimed.Attempt.String(), queue.jobs[0].ID)
	require.Equal(t, jobs.TypeReconcile, queue.jobs[0].Type)
}

// R44: a worker died after it held a target, before anybody was asked. Sweeping
// twice asks once.
func TestUntold(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	id := w.Publish(w.Carl, "held")
	w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: time.Minute})
	require.Equal(t, post.NeedsReauthentication, w.Target(id).State)
	w.CaughtUp(projections.Posts.Group(), projections.Accounts.Group())
	sweeper, _ := newSweeper(w, time.Now(), time.Minute)
	for range 2 {
		require.NoError(t, sweeper.Sweep(w.Ctx))
	}
	asked := w.Outages()
	require.Len(t, asked, 1)
	require.Equal(t, w.Carl, asked[0].Holder)
}

// R47: what its holder mended goes on, if it is due in the future.
func TestMended(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	id := w.Schedule(w.Carl, "later", time.Now().Add(time.Hour))
	w.Append(post.Stream(id), post.TargetNeedsReauthentication{
		Account: w.Account, Mode: workspace.MemberMode, Holder: w.Carl, Code: "no_connection", Detail: "Not connected yet.",
	})
	w.Connect(w.Carl)
	w.CaughtUp(projections.Posts.Group(), projections.Accounts.Group())
	sweeper, _ := newSweeper(w, time.Now(), time.Minute)
	for range 2 {
		require.NoError(t, sweeper.Sweep(w.Ctx))
	}
	require.Equal(t, post.Due, w.Target(id).State)
	require.Len(t, workerstest.Events[post.TargetScheduled](w, id), 1)
}

// R56: what was not approved by its time is missed.
func TestUnapproved(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	reviewer := workspace.Member{User: eventstore.Fresh()}
	w.Append(workspace.Stream(w.Workspace), workspace.InvitationAccepted{
		Invitation: eventstore.Fresh(), Member: reviewer.User, Role: workspace.Client,
		Assignments: []workspace.Assignment{{Account: w.Account, ApprovesPosts: true}},
	})
	at := time.Now().Add(time.Hour)
	id := w.Schedule(w.Olivia, "to be approved", at)
	require.Equal(t, post.Waiting, w.Target(id).State)
	w.CaughtUp(projections.Posts.Group())
	before, _ := newSweeper(w, at.Add(-time.Second), time.Minute)
	require.NoError(t, before.Sweep(w.Ctx))
	require.Equal(t, post.Waiting, w.Target(id).State)
	after, _ := newSweeper(w, at.Add(time.Second), time.Minute)
	require.NoError(t, after.Sweep(w.Ctx))
	require.Equal(t, post.Missed, w.Target(id).State)
}

// Each process sweeps when it starts, however short ago another one did.
func TestAtStart(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	at := time.Now().Add(time.Minute)
	w.Schedule(w.Carl, "soon", at)
	w.CaughtUp(projections.Posts.Group())
	var queues []*list
	for range 3 {
		sweeper, queue := newSweeper(w, time.Now(), time.Hour)
		w.Background(sweeper.Run)
		queues = append(queues, queue)
	}
	for _, queue := range queues { // to be looked over, and published
		require.Eventually(t, func() bool { return len(queue.ids()) == 2 }, 10*time.Second, time.Millisecond)
	}
}

// R41: tokens that nobody came back for do not stay in the database.
func TestAbandoned(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	admin, err := pgx.Connect(w.Ctx, testkit.PostgresURL(t, w.Pool))
	require.NoError(t, err)
	defer admin.Close(w.Ctx)
	_, err = admin.Exec(w.Ctx, `
		insert into vault.grants (id, workspace_id, user_id, network, sealed, expires_at)
		values
			(gen_random_uuid(), $1, $2, 'sandbox', 'token', now() - interval '1 second'),
			(gen_random_uuid(), $1, $2, 'sandbox', 'token', now() + interval '1 minute')`,
		[16]byte(w.Workspace), [16]byte(w.Olivia))
	require.NoError(t, err)
	sweeper, _ := newSweeper(w, time.Now(), time.Minute)
	require.NoError(t, sweeper.Sweep(w.Ctx))
	var left int
	require.NoError(t, admin.QueryRow(w.Ctx, "select count(*) from vault.grants").Scan(&left))
	require.Equal(t, 1, left)
}
