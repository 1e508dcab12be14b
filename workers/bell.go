package workers

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"behalf/eventstore/signal"
)

const (
	// unrung is how long nobody looks for a task when the bell is silent: a ring
	// may be lost, and operators who put a job back do not ring. asynq's lease of
	// 30 s begins before this wait.
	unrung = time.Second
	// afterNothing is what asynq sleeps after a look that found nothing, between
	// a half and one and a half of it. It is all that there is between two looks
	// should asynq come to look in another way than the bell knows.
	afterNothing = 10 * time.Millisecond
)

// bell keeps asynq from looking for tasks where none can be: after a look that
// found nothing, the next one waits until somebody has put a job into Redis, or
// a job's time there has come. asynq itself has no such thing, and looks so often
// that it is most of what an idle worker costs, or so seldom that a mail waits.
//
// It sits in the client of one asynq.Server with one queue, which takes its
// looks in one goroutine, one after the other.
type bell struct {
	queue  string
	rung   signal.Signal
	closed chan struct{} // nothing is waited for any more
	once   sync.Once

	ring <-chan struct{} // since before the last look; nil when that found something
}

var _ redis.Hook = (*bell)(nil)

func newBell(queue string, rung signal.Signal) *bell {
	return &bell{queue: queue, rung: rung, closed: make(chan struct{})}
}

// close lets asynq go: it does not stop while it looks.
func (b *bell) close() { b.once.Do(func() { close(b.closed) }) }

// ProcessHook implements redis.Hook. It recognises asynq's scripts by their first
// keys: the one that takes a task asks whether the queue is paused, and the one
// that moves those whose time has come answers how many these were.
func (b *bell) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	name := func(key string) string { return "asynq:{" + b.queue + "}:" + key }
	return func(ctx context.Context, cmd redis.Cmder) error {
		args := cmd.Args()
		if cmd.Name() != "evalsha" || len(args) < 5 {
			return next(ctx, cmd)
		}
		switch [2]any{args[3], args[4]} {
		case [2]any{name("pending"), name("paused")}:
			return b.look(ctx, cmd, next)
		case [2]any{name("scheduled"), name("pending")}, [2]any{name("retry"), name("pending")}:
			err := next(ctx, cmd)
			if moved, is := cmd.(*redis.Cmd); is && err == nil && moved.Val() != int64(0) {
				b.rung.Notify()
			}
			return err
		}
		return next(ctx, cmd)
	}
}

// look waits before it looks in vain. One that failed is not repeated at once
// either, unless Redis only had to be told the script.
func (b *bell) look(ctx context.Context, cmd redis.Cmder, next redis.ProcessHook) error {
	if b.ring != nil {
		b.wait()
	}
	b.ring = b.rung.Next()
	err := next(ctx, cmd)
	if err == nil || redis.HasErrorPrefix(err, "NOSCRIPT") {
		b.ring = nil
	}
	return err
}

func (b *bell) wait() {
	timer := time.NewTimer(unrung)
	defer timer.Stop()
	select {
	case <-b.ring:
	case <-timer.C:
	case <-b.closed:
	}
}

// DialHook implements redis.Hook.
func (b *bell) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessPipelineHook implements redis.Hook.
func (b *bell) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// withBell makes the clients of one asynq.Server.
type withBell struct {
	asynq.RedisConnOpt
	bell *bell
}

// MakeRedisClient implements asynq.RedisConnOpt.
func (w withBell) MakeRedisClient() any {
	made := w.RedisConnOpt.MakeRedisClient()
	client, is := made.(*redis.Client)
	if !is {
		panic(fmt.Sprintf("workers: a client of another kind, %T", made))
	}
	client.AddHook(w.bell)
	return client
}
