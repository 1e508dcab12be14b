package workers_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
	"behalf/eventstore/signal"
	"behalf/internal/mail"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/redissignal"
	"behalf/internal/telemetry"
	"behalf/internal/testkit"
	"behalf/workers"
	"behalf/workers/workerstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// All of Redis is lost while a post waits in it. It goes out once all the same.
func TestRedisLost(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	redis := w.RedisClient()
	w.Work()
	at := time.Now().Add(9 * time.Second) // what is nearer waits in memory at once
	id := w.Schedule(w.Carl, "nine seconds ahead", at)
	w.CaughtUp("policy:jobs:1")
	queued, err := redis.Keys(w.Ctx, "asynq:{publish}:t:*").Result()
	require.NoError(t, err)
	require.Len(t, queued, 1, "the post must be in Redis to be lost")
	require.NoError(t, redis.FlushAll(w.Ctx).Err())

	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
	require.False(t, w.Requests()[0].At.Before(at), "sent early")
	require.Less(t, w.Requests()[0].At.Sub(at), workerstest.Times.Sweep+time.Second, "later than the next sweep")
}

// Two processes, many posts, one of them stopped in the middle: each post once.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Arm(control.Fault{Call: control.Publish, Kind: control.Slow, DelayMS: 50})
	stop := w.Work()
	w.Work()
	var ids []domain.PostID
	for range 20 {
		ids = append(ids, w.Publish(w.Carl, "one of many"))
	}
	_, err := w.Sandbox.AwaitRequests(w.Ctx, 3)
	require.NoError(t, err)
	stop()
	for _, id := range ids {
		w.Await(id, post.Published)
		require.Len(t, workerstest.Events[post.TargetPublished](w, id), 1)
	}
	require.Len(t, w.Posts(), len(ids))
	require.Len(t, w.Requests(), len(ids))
}

// What waits in a worker that stops is taken over by the next one, without
// waiting to be swept up.
func TestHandedBack(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	times := workerstest.Times
	times.Sweep = time.Hour
	stop := w.WorkWith(w.Deps(), times)
	id := w.Schedule(w.Carl, "handed over", time.Now().Add(1500*time.Millisecond))
	w.CaughtUp("policy:jobs:1")
	redis := w.RedisClient()
	require.Eventually(t, func() bool { // the worker has taken it over
		left, err := redis.Keys(w.Ctx, "asynq:{publish}:t:*").Result()
		return err == nil && len(left) == 0
	}, 10*time.Second, time.Millisecond)
	stop()
	if w.Target(id).State == post.Due { // otherwise it was sent before the stop
		left, err := redis.Keys(w.Ctx, "asynq:{publish}:t:*").Result()
		require.NoError(t, err)
		require.Len(t, left, 1)
	}
	w.WorkWith(w.Deps(), times)
	w.Await(id, post.Published)
	require.Len(t, w.Requests(), 1)
}

// hanging is a mail server that takes everything and answers nothing.
type hanging struct{ entered chan struct{} }

func (h hanging) Send(ctx context.Context, _ mail.Message) error {
	h.entered <- struct{}{}
	<-ctx.Done()
	return ctx.Err()
}

// R58: mails that hang, as many as there are slots, hold up no post.
func TestHangingMails(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	deps, settings := w.Deps(), workerstest.Times
	settings.Concurrency, settings.Drain = 2, time.Second
	server := hanging{entered: make(chan struct{}, 10)}
	deps.Mail = server
	w.WorkWith(deps, settings)
	for _, address := range []user.Email{"one@example.com", "two@example.com", "three@example.com"} {
		w.As(w.Olivia, &invitation.InviteClient{Email: address, Person: eventstore.Fresh()})
	}
	for range settings.Concurrency {
		<-server.entered
	}
	w.Await(w.Publish(w.Carl, "not held up"), post.Published)
}

// A worker that has no Redis at all starts, publishes and stops.
func TestWithoutRedis(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	w.Interruptible().Interrupt()
	stop := w.Work()
	w.Await(w.Publish(w.Carl, "without Redis"), post.Published)
	stop()
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(*workers.Deps, *workers.Settings){
		"public address": func(d *workers.Deps, _ *workers.Settings) { d.PublicURL = "behalf" },
		"redis":          func(d *workers.Deps, _ *workers.Settings) { d.Redis = "http://:secret@localhost" },
		"claim":          func(_ *workers.Deps, s *workers.Settings) { s.Claim = 0 },
		"concurrency":    func(_ *workers.Deps, s *workers.Settings) { s.Concurrency = 0 },
	} {
		deps := workers.Deps{PublicURL: workerstest.PublicURL, Redis: "redis://localhost:1/0"}
		settings := workerstest.Times
		broken(&deps, &settings)
		_, err := workers.New(deps, settings)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "secret")
	}
}

// What the workers do is counted.
func TestMetrics(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	deps := w.Deps()
	deps.Metrics = telemetry.NewMetrics()
	stop := w.WorkWith(deps, workerstest.Times)
	w.Await(w.Publish(w.Carl, "counted"), post.Published)
	stop()
	page := httptest.NewRecorder()
	deps.Metrics.Handler().ServeHTTP(page, httptest.NewRequestWithContext(w.Ctx, http.MethodGet, "/metrics", nil))
	for _, line := range []string{
		`behalf_jobs_enqueued_total{result="direct",type="publish:target"} 1`,
		`behalf_publish_outcomes_total{class="",network="sandbox",outcome="published"} 1`,
		`behalf_publish_lateness_seconds_count{network="sandbox"} 1`,
		`behalf_publish_armed_targets 0`,
	} {
		require.Contains(t, page.Body.String(), line)
	}
}

var _ signal.Signal = (*redissignal.Signal)(nil)
