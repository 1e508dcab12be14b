// Package views measures how soon views show what happened, and rebuilding one.
package views

import (
	"context"
	"errors"
	"sync"
	"time"

	"behalf/bench/measure"
	"behalf/bench/team"
	"behalf/domain/catalog"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/eventstore/signal"
	"behalf/projections"
	"behalf/projections/engine"
)

// Rows are how soon views show what happened, and what rebuilding one takes.
func Rows() []measure.Row { return []measure.Row{visibleRow(), rebuildMembers()} }

// What the visible row does.
const (
	writers   = 16
	perSecond = 1000             // appends, all writers together
	visibleIn = 30 * time.Second // or it is lost
)

// visibleRow takes the time from an append's answer until the views of
// members, accounts and posts all show it. The reference is the time from
// publishing until handling with watermill-sql as it comes, at the same rate.
func visibleRow() measure.Row {
	return measure.Row{
		Name: "append answered → visible",
		Bars: []measure.Bar{
			{Name: ", p50", Unit: "ms", Limit: 8, AtMost: true, Absolute: true},
			{Name: ", p99", Unit: "ms", Limit: 60, AtMost: true, Absolute: true},
		},
		Open: openVisible,
	}
}

var watched = []projections.View{projections.Members, projections.Accounts, projections.Posts}

func openVisible(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
	super, err := bench.Database(ctx)
	if err != nil {
		return measure.Sides{}, err
	}
	if err := projections.Install(ctx, super); err != nil {
		return measure.Sides{}, err
	}
	pool, err := bench.Under(ctx, super, eventstore.RoleEngine)
	if err != nil {
		return measure.Sides{}, err
	}
	registry, err := codec.NewRegistry(catalog.Aggregates()...)
	if err != nil {
		return measure.Sides{}, err
	}
	signals := eventstore.Signals{
		Appended: signal.NewLocal(), HighWater: signal.NewLocal(), Checkpoint: signal.NewLocal(),
	}
	store := eventstore.New(pool, registry, eventstore.Options{Signals: signals})
	bench.Cleanup(func() error { return store.Close(context.WithoutCancel(ctx)) })
	views, err := engine.New(pool, store, engine.Options{Views: watched})
	if err != nil {
		return measure.Sides{}, err
	}
	bench.Background(ctx, store.Lead)
	bench.Background(ctx, views.Run)

	teams, err := team.Found(ctx, store, writers)
	if err != nil {
		return measure.Sides{}, err
	}
	stock, err := openStock(ctx, bench, super)
	if err != nil {
		return measure.Sides{}, err
	}
	return measure.Sides{
		Measured: func(ctx context.Context) ([]float64, error) {
			w := watch(ctx, pool, signals.Checkpoint)
			answered, err := pace(ctx, bench.Each, func(ctx context.Context, writer int) (int64, error) {
				return teams[writer].Append(ctx, store)
			})
			if err != nil {
				return nil, errors.Join(err, w.stop())
			}
			return w.took(ctx, answered)
		},
		Reference: func(ctx context.Context) ([]float64, error) { return stock.measure(ctx, bench.Each) },
	}, nil
}

// answer is when something was written, and at which position or under which number.
type answer struct {
	position int64
	at       time.Time
}

// pace has writers write so many times per second together, and answers when
// each was answered. A writer that is late makes up for it.
func pace(ctx context.Context, each time.Duration, do func(ctx context.Context, writer int) (int64, error)) ([]answer, error) {
	var mutex sync.Mutex
	var answers []answer
	var failed error
	var work sync.WaitGroup
	begin, gap := time.Now(), time.Second*writers/perSecond
	for writer := range writers {
		work.Go(func() {
			for due := gap / writers * time.Duration(writer); due < each && ctx.Err() == nil; due += gap {
				measure.Pause(ctx, time.Until(begin.Add(due)))
				position, err := do(ctx, writer)
				at := time.Now()
				mutex.Lock()
				answers, failed = append(answers, answer{position, at}), errors.Join(failed, err)
				mutex.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	work.Wait()
	return answers, failed
}
