package observe_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"behalf/domain/workspace"
	"behalf/internal/telemetry"
	"behalf/internal/testkit"
	"behalf/projections"
	"behalf/workers/jobs"
	"behalf/workers/meter"
	"behalf/workers/observe"
	"behalf/workers/workerstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// What waits is counted in Postgres and in Redis; what there is nothing of is
// shown as nothing, so that an alert can tell it from no answer.
func TestLook(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	queue, err := jobs.NewQueue(w.Redis, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, queue.Close()) })
	metrics := telemetry.NewMetrics()
	observer := observe.Observer{
		Pool: w.Pool, Jobs: jobs.NewInspector(queue.Redis()), Breakers: func() map[string]int { return map[string]int{"sandbox": 2} },
		Meter: meter.New(metrics), Logger: w.Logger(), Now: time.Now,
	}
	shows := func(lines ...string) {
		t.Helper()
		require.NoError(t, observer.Look(w.Ctx))
		page := httptest.NewRecorder()
		metrics.Handler().ServeHTTP(page, httptest.NewRequestWithContext(w.Ctx, http.MethodGet, "/metrics", nil))
		for _, line := range lines {
			require.Contains(t, page.Body.String(), line+"\n")
		}
	}
	shows(
		`behalf_work_due{work="publish"} 0`, `behalf_work_oldest_due_seconds{work="mails"} 0`,
		`behalf_publish_targets{which="late"} 0`, `behalf_publish_targets{which="put_off"} 0`,
		`behalf_publish_targets{which="stuck"} 0`, `behalf_publish_targets{which="unknown"} 0`,
		`behalf_queue_jobs{queue="publish",state="archived"} 0`, `behalf_redis_answers 1`, `behalf_publish_breakers_open{network="sandbox"} 2`,
		`behalf_publish_quarantine_left_targets 0`,
	)
	w.Publish(w.Carl, "late")
	w.CaughtUp(projections.Posts.Group())
	_, err = w.Admin.Exec(w.Ctx, "update views.targets set due = now() - interval '1 minute', not_before = now() - interval '1 minute'")
	require.NoError(t, err)
	shows(`behalf_publish_targets{which="late"} 1`, `behalf_publish_targets{which="put_off"} 0`)
	_, err = w.Admin.Exec(w.Ctx, "update views.targets set not_before = now() + interval '5 minutes'")
	require.NoError(t, err)
	_, err = w.Admin.Exec(w.Ctx, "select log.begin_quarantine('by_hand', '', now(), gen_random_uuid())")
	require.NoError(t, err)
	require.NoError(t, queue.Enqueue(w.Ctx, jobs.Publish(jobs.Target{Due: time.Now().Add(time.Hour)})))
	require.NoError(t, jobs.NewInspector(queue.Redis()).Pause(jobs.PublishQueue))
	shows(
		`behalf_work_waiting{work="publish"} 1`, `behalf_publish_targets{which="put_off"} 1`, `behalf_publish_targets{which="late"} 0`, `behalf_publish_quarantine_left_targets 1`,
		`behalf_queue_jobs{queue="publish",state="scheduled"} 1`, `behalf_queue_paused{queue="publish"} 1`,
	)
}

// What waits for a person's next digest is due half an hour after their last one,
// and at once where there was none.
func TestDigestsAreDueInTheirTime(t *testing.T) {
	t.Parallel()
	w := workerstest.Empty(t)
	gathered := func(minutes int, last ...int) {
		t.Helper()
		person := uuid.New()
		_, err := w.Admin.Exec(w.Ctx, `
			insert into workers.gathered (event_id, person, kind, stream, noted_at)
			values (gen_random_uuid(), $1, 'approval_needed', 'post-1', now() - make_interval(mins => $2))`, person, minutes)
		require.NoError(t, err)
		for _, minutes := range last {
			_, err = w.Admin.Exec(w.Ctx, "insert into workers.digests (person, made_at) values ($1, now() - make_interval(mins => $2))", person, minutes)
			require.NoError(t, err)
		}
	}
	shows := func(all, due, oldest int) {
		t.Helper()
		var seen [3]int
		require.NoError(t, w.Pool.QueryRow(w.Ctx, `
			select total, due, coalesce(round(extract(epoch from now() - oldest) / 60), -1)::int
			from workers.waiting()
			where work = 'digests'`).Scan(&seen[0], &seen[1], &seen[2]))
		require.Equal(t, [3]int{all, due, oldest}, seen)
	}
	gathered(15, 20)
	shows(1, 0, -1)
	gathered(15, 34)
	shows(2, 1, 4)
	gathered(6, 100)
	shows(3, 2, 6)
	gathered(15)
	shows(4, 3, 15)
}

// Redis is away: that is shown, and all the rest.
func TestLookWithoutRedis(t *testing.T) {
	t.Parallel()
	w := workerstest.Empty(t)
	queue, err := jobs.NewQueue("redis://127.0.0.1:1/0", nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, queue.Close()) })
	metrics := telemetry.NewMetrics()
	observer := observe.Observer{
		Pool: w.Pool, Jobs: jobs.NewInspector(queue.Redis()), Breakers: func() map[string]int { return nil },
		Meter: meter.New(metrics), Logger: w.Logger(), Now: time.Now,
	}
	require.Error(t, observer.Look(w.Ctx))
	page := httptest.NewRecorder()
	metrics.Handler().ServeHTTP(page, httptest.NewRequestWithContext(w.Ctx, http.MethodGet, "/metrics", nil))
	require.Contains(t, page.Body.String(), "behalf_redis_answers 0\n")
	require.Contains(t, page.Body.String(), `behalf_work_due{work="unknown"} 0`)
}
