package workers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"behalf/eventstore/signal"
	"behalf/internal/redisurl"
	"behalf/workers/jobs"
	"behalf/workers/meter"
	"behalf/workers/outbox"
)

// delayed is how often asynq looks for tasks whose time has come; its default is
// five seconds. Such a task comes seconds before its moment, or is tried again.
const delayed = time.Second

type handler = func(context.Context, *asynq.Task) error

// server takes tasks out of Redis: each queue in slots of its own, so that mail
// servers that hang hold up no post.
type server struct {
	queues []*asynq.Server
	bells  []*bell
	mux    *asynq.ServeMux
}

// newServer makes one that looks for tasks when rung is.
func newServer(
	address string, rung signal.Signal, settings Settings, logger *slog.Logger, counts *meter.Meter, handlers map[string]handler,
) (*server, error) {
	redis, err := redisurl.Asynq(address)
	if err != nil {
		return nil, fmt.Errorf("prepare workers: %w", err)
	}
	mux := asynq.NewServeMux()
	mux.Use(func(next asynq.Handler) asynq.Handler {
		return asynq.HandlerFunc(func(ctx context.Context, task *asynq.Task) error {
			err := next.ProcessTask(ctx, task)
			if err == nil {
				counts.Handled(task.Type(), "done")
			}
			return err
		})
	})
	for kind, handle := range handlers {
		mux.HandleFunc(kind, handle)
	}
	s := &server{mux: mux}
	for _, queue := range []string{jobs.PublishQueue, jobs.MailQueue} {
		bell := newBell(queue, rung)
		s.bells = append(s.bells, bell)
		s.queues = append(s.queues, asynq.NewServer(withBell{redis, bell}, asynq.Config{
			Concurrency:              settings.Concurrency,
			Queues:                   map[string]int{queue: 1},
			TaskCheckInterval:        afterNothing,
			DelayedTaskCheckInterval: delayed,
			ShutdownTimeout:          max(settings.Drain*8/10, time.Second),
			RetryDelayFunc:           retryDelay,
			IsFailure:                isFailure,
			ErrorHandler:             reporter{logger: logger, counts: counts},
			Logger:                   slogger{logger},
		}))
	}
	return s, nil
}

func (s *server) start() error {
	for _, queue := range s.queues {
		if err := queue.Start(s.mux); err != nil {
			s.stop()
			return fmt.Errorf("start workers: %w", err)
		}
	}
	return nil
}

// stop lets the tasks at work end; asynq puts those back that take too long.
func (s *server) stop() {
	var stopping sync.WaitGroup
	for _, bell := range s.bells {
		bell.close()
	}
	for _, queue := range s.queues {
		stopping.Go(queue.Shutdown)
	}
	stopping.Wait()
}

// retryDelay is what the mail said, or doubles from a second to a minute.
func retryDelay(failed int, err error, _ *asynq.Task) time.Duration {
	var later *outbox.Later
	if errors.As(err, &later) {
		return later.In
	}
	return min(time.Second<<min(failed, 10), time.Minute)
}

// isFailure keeps a mail that was put off from running out of retries.
func isFailure(err error) bool {
	var later *outbox.Later
	return !errors.As(err, &later)
}

// reporter counts and logs what a task failed with; never what it carries.
type reporter struct {
	logger *slog.Logger
	counts *meter.Meter
}

// HandleError implements asynq.ErrorHandler.
func (r reporter) HandleError(ctx context.Context, task *asynq.Task, err error) {
	r.counts.Handled(task.Type(), "failed")
	id, _ := asynq.GetTaskID(ctx)
	r.logger.WarnContext(ctx, "a job failed", "job", task.Type(), "id", id, "error", err)
}

// slogger lets asynq log the way everybody does. Its chatter is for debugging.
type slogger struct{ to *slog.Logger }

func (s slogger) Debug(args ...any) { s.to.Debug(fmt.Sprint(args...), "from", "asynq") }
func (s slogger) Info(args ...any)  { s.to.Debug(fmt.Sprint(args...), "from", "asynq") }
func (s slogger) Warn(args ...any)  { s.to.Warn(fmt.Sprint(args...), "from", "asynq") }
func (s slogger) Error(args ...any) { s.to.Error(fmt.Sprint(args...), "from", "asynq") }

// Fatal is called by asynq for mistakes of configuration.
func (s slogger) Fatal(args ...any) { s.to.Error(fmt.Sprint(args...), "from", "asynq") }
