package quarantine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/workers/quarantine"
	"behalf/workers/workerstest"
)

// process is a watch like that of another process.
func process(w *workerstest.World, client *redis.Client) *quarantine.Watch {
	return quarantine.NewWatch(w.Pool, quarantine.InRedis{Client: client}, nil, w.Logger())
}

// snapshot remembers the row as a copy of the file system would, and puts it back.
func snapshot(w *workerstest.World) (restore func()) {
	w.Helper()
	_, err := w.Admin.Exec(w.Ctx, "create table snapshot as select * from log.lineage")
	require.NoError(w, err)
	return func() {
		_, err := w.Admin.Exec(w.Ctx, `
			update log.lineage as l set beat = s.beat, token = s.token, beat_at = s.beat_at from snapshot as s`)
		require.NoError(w, err)
	}
}

func reason(w *workerstest.World) string {
	w.Helper()
	var reasons []string
	require.NoError(w, w.Pool.QueryRow(w.Ctx, "select coalesce(array_agg(reason), '{}') from log.quarantines where ended_at is null").Scan(&reasons))
	if len(reasons) == 0 {
		return ""
	}
	require.Len(w, reasons, 1)
	return reasons[0]
}

// A file system is put back beneath the database: nothing in it says so, but
// Redis knows of more beats, and so does who has seen them.
func TestBehind(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]bool{"Redis knows": false, "a process knows": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.Empty(t)
			client := w.RedisClient()
			one, other := process(w, client), process(w, client)
			require.True(t, one.Holds(), "until it has looked")
			require.NoError(t, one.Check(w.Ctx))
			require.NoError(t, other.Check(w.Ctx))
			require.False(t, one.Holds())
			restore := snapshot(w)
			require.NoError(t, one.Check(w.Ctx))
			require.NoError(t, other.Check(w.Ctx))
			require.NoError(t, one.Check(w.Ctx))
			require.Empty(t, reason(w), "two processes confirm it in turn")

			restore()
			next := process(w, client)
			if forget {
				require.NoError(t, client.FlushAll(w.Ctx).Err())
				next = one
			}
			require.NoError(t, next.Check(w.Ctx))
			require.True(t, next.Holds())
			require.Equal(t, "behind", reason(w))
			require.NoError(t, other.Check(w.Ctx))
			require.True(t, other.Holds(), "everybody is told")
		})
	}
}

// Losing all of Redis begins no quarantine, and ends none.
func TestRedisProvesNothing(t *testing.T) {
	t.Parallel()
	w := workerstest.Empty(t)
	client := w.RedisClient()
	require.NoError(t, process(w, client).Check(w.Ctx))
	require.NoError(t, client.FlushAll(w.Ctx).Err())
	fresh := process(w, client)
	require.NoError(t, fresh.Check(w.Ctx))
	require.False(t, fresh.Holds())

	_, err := w.Admin.Exec(w.Ctx, "select log.begin_quarantine('by_hand', 'to be sure', now() - interval '1 day', $1)", uuid.New())
	require.NoError(t, err)
	require.NoError(t, client.FlushAll(w.Ctx).Err())
	for _, watch := range []*quarantine.Watch{fresh, process(w, client)} {
		require.NoError(t, watch.Check(w.Ctx))
		require.True(t, watch.Holds())
	}
	require.Equal(t, "by_hand", reason(w))
	w.Interruptible().Interrupt()
	away := process(w, w.RedisClient())
	require.NoError(t, away.Check(w.Ctx))
	require.True(t, away.Holds())
}

// A standby was promoted: it may lack its primary's last commits.
func TestTimeline(t *testing.T) {
	t.Parallel()
	w := workerstest.Empty(t)
	require.NoError(t, process(w, w.RedisClient()).Check(w.Ctx))
	_, err := w.Admin.Exec(w.Ctx, "update log.lineage set timeline = '00000000'")
	require.NoError(t, err)
	require.NoError(t, process(w, w.RedisClient()).Check(w.Ctx))
	require.Equal(t, "timeline", reason(w))
}

// What was found out in a quarantine was found out about that log: another
// restore begins again.
func TestRestoredAgain(t *testing.T) {
	t.Parallel()
	w := workerstest.Empty(t)
	watch := process(w, w.RedisClient())
	require.NoError(t, watch.Check(w.Ctx))
	var id, again uuid.UUID
	require.NoError(t, w.Admin.QueryRow(w.Ctx, "select log.begin_quarantine('by_hand', '', now(), $1)", uuid.New()).Scan(&id))
	_, err := w.Pool.Exec(w.Ctx, "insert into log.reconsidered (quarantine_id, post_id, account_id, outcome) values ($1, $2, $2, 'absent')", id, uuid.New())
	require.NoError(t, err)
	_, err = w.Admin.Exec(w.Ctx, "update log.lineage set home = 'elsewhere'")
	require.NoError(t, err)
	require.NoError(t, watch.Check(w.Ctx))
	require.Equal(t, "copied", reason(w))
	var left int
	require.NoError(t, w.Pool.QueryRow(w.Ctx, "select count(*) from log.reconsidered").Scan(&left))
	require.Zero(t, left)
	require.NoError(t, w.Pool.QueryRow(w.Ctx, "select id from log.quarantines where ended_at is null").Scan(&again))
	require.Equal(t, id, again, "one at a time")
}

// Right before sending, the row says what holds, and the process knows which log
// it has seen.
func TestLook(t *testing.T) {
	t.Parallel()
	w := workerstest.Empty(t)
	watch := process(w, w.RedisClient())
	require.NoError(t, watch.Check(w.Ctx))
	early := watch.Look()
	require.NoError(t, watch.Check(w.Ctx))
	require.False(t, early(eventstore.Seen{Beat: 1}), "read before the second beat")
	stops := watch.Look()
	require.False(t, stops(eventstore.Seen{Beat: 2}))
	require.False(t, stops(eventstore.Seen{Beat: 3}), "confirmed by somebody else since")
	require.False(t, watch.Holds())
	require.True(t, stops(eventstore.Seen{Beat: 1}))
	require.True(t, watch.Holds(), "until it has looked again")
	require.True(t, stops(eventstore.Seen{Beat: 4, Held: true}))
	var none *quarantine.Watch
	require.False(t, none.Look()(eventstore.Seen{}))
	require.True(t, none.Look()(eventstore.Seen{Held: true}))
}

// A log in doubt publishes nothing, and nothing is recorded for good because of it
// before it was looked at.
func TestDoubtProvesNothing(t *testing.T) {
	t.Parallel()
	w := workerstest.Empty(t)
	watch := process(w, w.RedisClient())
	away, cancel := context.WithCancel(w.Ctx)
	cancel()
	_, err := watch.Restored(away)
	require.Error(t, err)
	require.True(t, watch.Holds())
	restored, err := watch.Restored(w.Ctx)
	require.NoError(t, err)
	require.False(t, restored)
	require.False(t, watch.Holds())

	require.True(t, watch.Look()(eventstore.Seen{}))
	require.True(t, watch.Holds())
	restored, err = watch.Restored(w.Ctx)
	require.NoError(t, err)
	require.False(t, restored, "it is the log that was here before")
	require.False(t, watch.Holds())

	_, err = w.Admin.Exec(w.Ctx, "select log.begin_quarantine('by_hand', 'to be sure', now() - interval '1 day', $1)", uuid.New())
	require.NoError(t, err)
	require.True(t, watch.Look()(eventstore.Seen{Beat: 9, Held: true}))
	restored, err = watch.Restored(w.Ctx)
	require.NoError(t, err)
	require.True(t, restored)
	_, err = w.Admin.Exec(w.Ctx, "select log.end_quarantine($1)", uuid.New())
	require.NoError(t, err)
	require.True(t, watch.Holds(), "it has not looked since")
	restored, err = watch.Restored(w.Ctx)
	require.NoError(t, err)
	require.False(t, restored, "it has ended")
	var none *quarantine.Watch
	restored, err = none.Restored(w.Ctx)
	require.NoError(t, err)
	require.False(t, restored)
}

// A quarantine begins between claim and send: nothing is sent, and nothing is
// missed silently. When it ends, the post goes out once.
func TestBegunBetweenClaimAndSend(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	times := workerstest.Times
	times.Claim = 30 * time.Second
	w.WorkWith(w.Deps(), times)
	id := w.Schedule(w.Carl, "in its last second", time.Now().Add(5*time.Second))
	w.Await(id, post.Claimed)
	_, err := w.Admin.Exec(w.Ctx, "select log.begin_quarantine('by_hand', '', now() - interval '1 minute', $1)", uuid.UUID(w.Olivia))
	require.NoError(t, err)
	w.Await(id, post.Due)
	require.Equal(t, "quarantine", workerstest.Events[post.TargetReleased](w, id)[0].Code)
	require.Empty(t, w.Requests())
	require.Eventually(t, func() bool { return end(w) == 0 }, 20*time.Second, 10*time.Millisecond)
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
}

// silent is a witness that does not answer.
type silent struct{}

func (silent) Recall(context.Context, uuid.UUID) (quarantine.Mark, error) {
	return quarantine.Mark{}, errors.New("away")
}
func (silent) Keep(context.Context, uuid.UUID, quarantine.Mark) error { return errors.New("away") }

// Without Redis the log confirms itself.
func TestWithoutWitness(t *testing.T) {
	t.Parallel()
	w := workerstest.Empty(t)
	watch := quarantine.NewWatch(w.Pool, silent{}, nil, w.Logger())
	require.NoError(t, watch.Check(w.Ctx))
	require.False(t, watch.Holds())
}
