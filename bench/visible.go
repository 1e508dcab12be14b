package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"behalf/domain/catalog"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/engine"
)

// What the visible row does.
const (
	writers   = 16
	perSecond = 1000             // appends, all writers together
	visibleIn = 30 * time.Second // or it is lost
)

// visibleRow takes the time from an append's answer until the views of
// members, accounts and posts all show it. The reference is the time from
// publishing until handling with watermill-sql as it comes, at the same rate.
func visibleRow() Row {
	return Row{
		Name: "append answered → visible",
		Bars: []Bar{
			{Name: ", p50", Unit: "ms", Limit: 8, AtMost: true, Absolute: true},
			{Name: ", p99", Unit: "ms", Limit: 60, AtMost: true, Absolute: true},
		},
		Open: openVisible,
	}
}

var watched = []projections.View{projections.Members, projections.Accounts, projections.Posts}

func openVisible(ctx context.Context, bench *Bench) (Sides, error) {
	super, err := bench.Database(ctx)
	if err != nil {
		return Sides{}, err
	}
	if err := projections.Install(ctx, super); err != nil {
		return Sides{}, err
	}
	pool, err := bench.Under(ctx, super, eventstore.RoleEngine)
	if err != nil {
		return Sides{}, err
	}
	registry, err := eventstore.NewRegistry(catalog.Aggregates()...)
	if err != nil {
		return Sides{}, err
	}
	signals := eventstore.Signals{
		Appended: eventstore.NewLocalSignal(), HighWater: eventstore.NewLocalSignal(), Checkpoint: eventstore.NewLocalSignal(),
	}
	store := eventstore.New(pool, registry, eventstore.Options{Signals: signals})
	bench.Cleanup(func() error { return store.Close(context.WithoutCancel(ctx)) })
	views, err := engine.New(pool, store, engine.Options{Views: watched})
	if err != nil {
		return Sides{}, err
	}
	bench.background(ctx, eventstore.NewLeader(store).Run)
	bench.background(ctx, views.Run)

	teams, err := foundTeams(ctx, store)
	if err != nil {
		return Sides{}, err
	}
	stock, err := openStock(ctx, bench, super)
	if err != nil {
		return Sides{}, err
	}
	return Sides{
		Measured: func(ctx context.Context) ([]float64, error) {
			w := watch(ctx, pool, signals.Checkpoint)
			answered, err := pace(ctx, bench.Each, func(ctx context.Context, writer int) (int64, error) {
				return teams[writer].append(ctx, store)
			})
			if err != nil {
				return nil, errors.Join(err, w.stop())
			}
			return w.took(ctx, answered)
		},
		Reference: func(ctx context.Context) ([]float64, error) { return stock.measure(ctx, bench.Each) },
	}, nil
}

// background runs something until the row has been measured.
func (b *Bench) background(ctx context.Context, run func(context.Context) error) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	b.Cleanup(func() error { cancel(); return <-ended })
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
				pause(ctx, time.Until(begin.Add(due)))
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
