package workers

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/eventstore/signal"
	"behalf/internal/redisurl"
	"behalf/internal/testkit"
)

// looking is a client behind a bell; answers are what its looks find, in turn.
func looking(b *bell, answers ...error) (look func()) {
	hook := b.ProcessHook(func(context.Context, redis.Cmder) error {
		answer := answers[0]
		answers = answers[1:]
		return answer
	})
	return func() {
		_ = hook(context.Background(), redis.NewCmd(context.Background(), "evalsha", "hash", 4, "asynq:{mail}:pending", "asynq:{mail}:paused"))
	}
}

// A look that found nothing is repeated when somebody rings, or after a second;
// one that found something, and one that only needed its script, at once.
func TestBell(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		found             error
		during, meanwhile func(b *bell)
		waits             time.Duration
	}{
		"nobody rings":                  {found: redis.Nil, waits: unrung},
		"somebody rings while it waits": {found: redis.Nil, waits: 10 * time.Millisecond, meanwhile: func(b *bell) { b.rung.Notify() }},
		"it ends while it waits":        {found: redis.Nil, waits: 10 * time.Millisecond, meanwhile: (*bell).close},
		"somebody rang before it waits": {found: redis.Nil, during: func(b *bell) { b.rung.Notify() }},
		"there was something":           {},
		"the script was not known":      {found: noScript{}},
		"Redis did not answer":          {found: context.DeadlineExceeded, waits: unrung},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBell("mail", signal.NewLocal())
				look := looking(b, test.found, nil)
				look()
				if test.during != nil {
					test.during(b)
				}
				if test.meanwhile != nil {
					time.AfterFunc(test.waits, func() { test.meanwhile(b) })
				}
				began := time.Now()
				look()
				require.Equal(t, test.waits, time.Since(began))
			})
		})
	}
}

// noScript is Redis's answer to the hash of a script that it does not have.
type noScript struct{}

func (noScript) Error() string { return "NOSCRIPT No matching script." }
func (noScript) RedisError()   {}

// watched counts what a bell does with its signal; nobody ever rings it.
type watched struct {
	signal.Signal
	rings atomic.Int32
	looks chan time.Time
}

func (w *watched) Notify() { w.rings.Add(1) }

func (w *watched) Next() <-chan struct{} {
	w.looks <- time.Now()
	return w.Signal.Next()
}

// The bell knows asynq's looks for what they are: an asynq that works in
// another way fails here.
func TestBellKnowsAsynq(t *testing.T) {
	t.Parallel()
	address := testkit.Redis(t)
	redis, err := redisurl.Asynq(address)
	require.NoError(t, err)
	rung := &watched{Signal: signal.NewLocal(), looks: make(chan time.Time, 100)}
	b := newBell("mail", rung)
	server := asynq.NewServer(withBell{redis, b}, asynq.Config{
		Queues: map[string]int{"mail": 1}, TaskCheckInterval: afterNothing, DelayedTaskCheckInterval: afterNothing, LogLevel: asynq.FatalLevel,
	})
	done := make(chan struct{})
	require.NoError(t, server.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error {
		close(done)
		return nil
	})))
	defer func() {
		b.close()
		server.Shutdown()
	}()
	<-rung.looks // needs the script
	first := <-rung.looks
	require.GreaterOrEqual(t, (<-rung.looks).Sub(first), unrung)
	require.Zero(t, rung.rings.Load(), "nothing has come to its time")

	client := asynq.NewClient(redis)
	defer func() { require.NoError(t, client.Close()) }()
	_, err = client.Enqueue(asynq.NewTask("any", nil), asynq.Queue("mail"), asynq.ProcessIn(time.Millisecond))
	require.NoError(t, err)
	<-done
	require.Positive(t, rung.rings.Load(), "a job's time had come")
}
