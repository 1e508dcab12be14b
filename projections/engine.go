package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"behalf/eventstore"
	"behalf/projections/rows"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
)

// Pauses before a view is subscribed again, each twice the one before.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 15 * time.Second
)

// Engine keeps the views up to date: it follows the log with one consumer
// group per view. Any number of processes may run one; of each view, one is
// at work and the others stand by.
//
// An event and its view's checkpoint are one transaction, so a view changes
// exactly once per event. An event that cannot be handled stops its view, is
// logged and counted with its type and position, and tried again for as long
// as it takes: nothing is skipped.
type Engine struct {
	subscribers Subscribers
	options     EngineOptions
	metrics     *engineMetrics
}

// Subscribers makes the subscribers of consumer groups; *eventstore.Store over
// a pool under eventstore.RoleEngine does.
type Subscribers interface {
	Subscriber(group string, options ...eventstore.SubscriberOption) (message.Subscriber, error)
}

// EngineOptions are what an Engine can do without.
type EngineOptions struct {
	Views      []View                      // all of Views when nil
	Logger     *slog.Logger                // nothing is logged when nil
	Metrics    prometheus.Registerer       // nothing is measured when nil
	RetryAfter time.Duration               // between two tries of an event that fails; a second when zero
	Writer     func(tx pgx.Tx) rows.Writer // rows.Live when nil
}

// NewEngine makes an Engine. It fails when its metrics are registered already.
func NewEngine(subscribers Subscribers, options EngineOptions) (*Engine, error) {
	if options.Views == nil {
		options.Views = Views()
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	if options.RetryAfter == 0 {
		options.RetryAfter = time.Second
	}
	if options.Writer == nil {
		options.Writer = func(tx pgx.Tx) rows.Writer { return rows.Live{Tx: tx} }
	}
	metrics, err := newEngineMetrics(options.Metrics)
	if err != nil {
		return nil, fmt.Errorf("register the metrics of views: %w", err)
	}
	return &Engine{subscribers: subscribers, options: options, metrics: metrics}, nil
}

// Run follows the log until ctx ends. It then lets the events at work finish,
// and returns nil when nothing of it runs any more.
func (e *Engine) Run(ctx context.Context) error {
	var running sync.WaitGroup
	for _, view := range e.options.Views {
		running.Go(func() { e.keepFollowing(ctx, view) })
	}
	running.Wait()
	return nil
}

// keepFollowing subscribes again whenever a subscription ends before its time.
func (e *Engine) keepFollowing(ctx context.Context, view View) {
	pause := firstPause
	for ctx.Err() == nil {
		handled, err := e.follow(ctx, view)
		if ctx.Err() != nil {
			if err != nil {
				e.options.Logger.Warn("view stopped", "view", view.Group(), "error", err)
			}
			return
		}
		if handled {
			pause = firstPause
		}
		e.metrics.restarts.WithLabelValues(view.Name).Inc()
		e.options.Logger.Error("view lost its subscription", "view", view.Group(), "error", err, "again_in", pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

// errEnded is why a subscription is made again that reported no error.
var errEnded = errors.New("the subscription ended")

// follow handles events until the subscription or ctx ends, and answers
// whether it handled any.
func (e *Engine) follow(ctx context.Context, view View) (handled bool, err error) {
	subscriber, err := e.subscribers.Subscriber(view.Group(), eventstore.RetryAfter(e.options.RetryAfter))
	if err != nil {
		return false, err
	}
	// The subscription outlives ctx by the event at work: Close is what ends it.
	lasting, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	messages, err := subscriber.Subscribe(lasting, eventstore.Topic)
	if err != nil {
		return false, errors.Join(err, subscriber.Close())
	}
	var handling sync.WaitGroup
	ended := make(chan struct{})
	handling.Go(func() {
		defer close(ended)
		for msg := range messages {
			if e.receive(msg, view) {
				handled = true
			}
		}
	})
	select {
	case <-ctx.Done():
	case <-ended:
		err = errEnded
	}
	err = errors.Join(err, subscriber.Close())
	handling.Wait()
	return handled, err
}

// receive handles one message and answers whether it went well.
func (e *Engine) receive(msg *message.Message, view View) bool {
	recorded, err := eventstore.EventOf(msg)
	if err == nil {
		err = e.apply(msg, view, recorded)
	}
	if err != nil {
		e.metrics.failed(view, recorded.Type)
		msg.Nack()
		e.options.Logger.Error("view cannot handle an event", "view", view.Group(),
			"type", recorded.Type, "position", recorded.Position, "stream", recorded.Stream, "error", err)
		return false
	}
	msg.Ack()
	e.metrics.handled(view, recorded.Position)
	return true
}

func (e *Engine) apply(msg *message.Message, view View, recorded eventstore.Recorded) error {
	tx, ok := eventstore.TxOf(msg)
	if !ok {
		return errors.New("the event came without a transaction")
	}
	return e.options.Writer(tx).Apply(msg.Context(), view.Handle(recorded))
}
