// Package engine keeps views up to date. It follows the log through watermill,
// event by event, and takes large steps when there is much to catch up with;
// the handlers are the same.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/projections/rows"
	"behalf/projections/view"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
)

// Pauses before a view is tried again that failed, each twice the one before.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 15 * time.Second
)

// defaultBulk is how many events a view may be behind before it takes large steps.
const defaultBulk = 10_000

// defaultWatch is how often an engine looks whether it still does the right thing.
const defaultWatch = 500 * time.Millisecond

// Engine keeps views up to date, each with a consumer group of its own. Any
// number of processes may run one; of each view, one is at work and the others
// stand by, to take over as soon as its transaction ends.
//
// An event and its view's checkpoint are one transaction, so a view changes
// exactly once per event. An event that can never be handled is parked, and
// with it what follows on its stream (see package parking); what may go better
// another time is tried again for as long as it takes. Nothing is skipped.
//
// Views are written under their readable names: when a rebuild has put other
// tables there, an engine goes on with those. An engine whose view is of
// another version than the tables stands by.
type Engine struct {
	pool    *pgxpool.Pool
	log     Log
	options Options
	metrics *metrics
}

// Log is what an engine reads; *eventstore.Store over a pool under
// eventstore.RoleEngine is one.
type Log interface {
	Subscriber(group string, options ...eventstore.SubscriberOption) (message.Subscriber, error)
	Scan(ctx context.Context, part eventstore.Stretch, each func(eventstore.Recorded, error) error) (reached int64, err error)
	Registry() *codec.Registry
}

// Options are what an Engine works with.
type Options struct {
	Views      []view.View                 // which views; none otherwise
	Logger     *slog.Logger                // nothing is logged when nil
	Metrics    prometheus.Registerer       // nothing is measured when nil
	RetryAfter time.Duration               // between two tries of an event whose failure passes; a second when zero
	Bulk       int64                       // how many events behind makes it take large steps; 10,000 when zero
	Watch      time.Duration               // between two looks at whether to do so, and at the tables; half a second when zero
	Writer     func(tx pgx.Tx) rows.Writer // of single events, for tests; when nil, a batch is written together
}

// New makes an Engine over a pool under eventstore.RoleEngine. It fails when
// its metrics are registered already.
func New(pool *pgxpool.Pool, log Log, options Options) (*Engine, error) {
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	if options.RetryAfter == 0 {
		options.RetryAfter = time.Second
	}
	if options.Bulk == 0 {
		options.Bulk = defaultBulk
	}
	if options.Watch == 0 {
		options.Watch = defaultWatch
	}
	metrics, err := newMetrics(options.Metrics)
	if err != nil {
		return nil, fmt.Errorf("register the metrics of views: %w", err)
	}
	return &Engine{pool: pool, log: log, options: options, metrics: metrics}, nil
}

// Run keeps the views up to date until ctx ends. It then lets the events at
// work finish, and returns nil when nothing of it runs any more.
func (e *Engine) Run(ctx context.Context) error {
	var running sync.WaitGroup
	var all []*turn
	for _, one := range e.options.Views {
		at := &turn{Engine: e, view: one, group: groupOf(one), logger: e.options.Logger.With("view", one.Group())}
		all = append(all, at)
		running.Go(func() { e.keep(ctx, at) })
	}
	if len(all) > 0 {
		running.Go(func() { e.watch(ctx, all) })
	}
	running.Wait()
	return nil
}

// keep does for a view what has to be done, again and again.
func (e *Engine) keep(ctx context.Context, at *turn) {
	pause := firstPause
	for ctx.Err() == nil {
		handled, err := at.take(ctx)
		switch {
		case ctx.Err() != nil:
			if err != nil && !errors.Is(err, context.Canceled) {
				at.logger.Warn("view stopped", "error", err)
			}
			return
		case err == nil:
			pause = firstPause
			continue
		case handled:
			pause = firstPause
		}
		e.metrics.restarts.WithLabelValues(at.view.Name).Inc()
		at.logger.Error("view cannot go on", "error", err, "again_in", pause)
		wait(ctx, pause)
		pause = min(2*pause, longestPause)
	}
}

func wait(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
