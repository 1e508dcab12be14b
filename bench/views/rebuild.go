package views

import (
	"context"
	"io"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/bench/measure"
	"behalf/domain/catalog"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/projections"
	"behalf/projections/rebuild"
	"behalf/projections/viewtest"
)

// rebuildMembers compares a whole rebuild of the members view, from the
// command to the switch, with copying the rows of the log out of Postgres. A
// third of the events change the view.
func rebuildMembers() measure.Row {
	return measure.Row{
		Name: "rebuild of the members view",
		Bars: []measure.Bar{
			{Unit: "events/s", Limit: .25},
			{Name: ", memory", Unit: "MB", Limit: 256, AtMost: true, Absolute: true},
		},
		Open: openRebuild,
	}
}

func openRebuild(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
	super, err := bench.Database(ctx)
	if err != nil {
		return measure.Sides{}, err
	}
	if err := projections.Install(ctx, super); err != nil {
		return measure.Sides{}, err
	}
	if err := viewtest.Load(ctx, super, bench.Events); err != nil {
		return measure.Sides{}, err
	}
	if _, err := super.Exec(ctx, "vacuum analyze log.events"); err != nil {
		return measure.Sides{}, err
	}
	owner, err := bench.Under(ctx, super, eventstore.RoleOwner)
	if err != nil {
		return measure.Sides{}, err
	}
	registry, err := codec.NewRegistry(catalog.Aggregates()...)
	if err != nil {
		return measure.Sides{}, err
	}
	store := eventstore.New(owner, registry, eventstore.Options{})
	timed := func(work func() error) ([]float64, error) {
		watched := watchMemory()
		begun := time.Now()
		err := work()
		took := time.Since(begun)
		return []float64{float64(bench.Events) / took.Seconds(), watched() / (1 << 20)}, err
	}
	return measure.Sides{
		Measured: func(ctx context.Context) ([]float64, error) {
			return timed(func() error {
				_, err := rebuild.Run(ctx, owner, store, projections.Members, rebuild.Options{AcceptDifference: true})
				return err
			})
		},
		Reference: func(ctx context.Context) ([]float64, error) {
			return timed(func() error { return copyLog(ctx, super) })
		},
	}, nil
}

// copyLog reads all rows of the log, and does nothing with them.
func copyLog(ctx context.Context, super *pgxpool.Pool) error {
	conn, err := super.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	_, err = conn.Conn().PgConn().CopyTo(ctx, io.Discard, `
copy (
	select *
	from log.events
	order by position
) to stdout`)
	return err
}

// watchMemory looks at the memory of the process every few milliseconds; the
// result ends it, and answers the most that it saw, in bytes.
func watchMemory() (most func() float64) {
	debug.FreeOSMemory()
	seen := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	var highest uint64
	ended := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		ticks := time.NewTicker(5 * time.Millisecond)
		defer ticks.Stop()
		for {
			metrics.Read(seen)
			highest = max(highest, seen[0].Value.Uint64()-seen[1].Value.Uint64())
			select {
			case <-ticks.C:
			case <-ended:
				return
			}
		}
	})
	return func() float64 {
		close(ended)
		watching.Wait()
		return float64(highest)
	}
}
