// Package observe counts from time to time what waits and what goes wrong, for
// metrics: in Postgres what is to be done, in Redis what is queued. Every worker
// counts the same; who watches takes the highest.
package observe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/workers/jobs"
	"behalf/workers/meter"
)

const (
	every    = 15 * time.Second
	lookTime = 5 * time.Second // that looking once may take
)

// Observer counts.
type Observer struct {
	Pool     *pgxpool.Pool // under the engine's role
	Jobs     *jobs.Inspector
	Breakers func() map[string]int // open ones, by network
	Meter    *meter.Meter
	Logger   *slog.Logger
	Now      func() time.Time
}

// Run counts until ctx ends; then it returns nil. Nothing is counted for nobody.
func (o *Observer) Run(ctx context.Context) error {
	if o.Meter == nil {
		return nil
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if err := o.Look(ctx); err != nil && ctx.Err() == nil {
			o.Logger.WarnContext(ctx, "what waits is not counted", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Look counts once. What Postgres says is not kept back because Redis is away.
func (o *Observer) Look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	seen := meter.Observed{At: o.Now(), Breakers: o.Breakers(), Odd: map[string]int64{}}
	if err := o.postgres(ctx, &seen); err != nil {
		return err
	}
	sizes, failed := o.Jobs.Sizes()
	for _, size := range sizes {
		seen.Queues = append(seen.Queues, meter.Queue{
			Name: size.Queue, Oldest: size.Oldest, Paused: size.Paused,
			Jobs: map[string]int{
				"pending": size.Pending, "active": size.Active, "scheduled": size.Scheduled, "retry": size.Retry, "archived": size.Archived,
			},
		})
	}
	o.Meter.Observe(seen)
	return failed
}

const sqlWaiting = `
select work, total, due, coalesce(extract(epoch from now() - oldest), 0)
from workers.waiting()`

const sqlOdd = `
select w.which, coalesce(o.total, 0)
from unnest(array['late', 'put_off', 'stuck', 'unknown']) as w (which)
left join lateral workers.odd_targets(w.which, 1) as o on true`

const sqlLeft = `
select count(*)
from log.unreconciled()`

// works are shown even where there is nothing of them.
var works = []string{"mails", "digests", "publish", "reconcile", "reauthentication", "unknown"}

func (o *Observer) postgres(ctx context.Context, seen *meter.Observed) error {
	found := map[string]meter.Work{}
	batch := &pgx.Batch{}
	batch.Queue(sqlWaiting).Query(func(rows pgx.Rows) error {
		var one meter.Work
		var oldest float64
		_, err := pgx.ForEachRow(rows, []any{&one.Name, &one.All, &one.Due, &oldest}, func() error {
			one.Oldest = time.Duration(oldest * float64(time.Second))
			found[one.Name] = one
			return nil
		})
		return err
	})
	batch.Queue(sqlOdd).Query(func(rows pgx.Rows) error {
		var which string
		var targets int64
		_, err := pgx.ForEachRow(rows, []any{&which, &targets}, func() error {
			seen.Odd[which] = targets
			return nil
		})
		return err
	})
	batch.Queue(sqlLeft).QueryRow(func(row pgx.Row) error { return row.Scan(&seen.Left) })
	if err := o.Pool.SendBatch(ctx, batch).Close(); err != nil {
		return errors.Join(fmt.Errorf("count what waits: %w", err), ctx.Err())
	}
	for _, name := range works {
		one := found[name]
		one.Name = name
		seen.Works = append(seen.Works, one)
	}
	return nil
}
