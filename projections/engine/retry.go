package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"behalf/eventstore"
	"behalf/projections/parking"
	"behalf/projections/rows"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Retried is what became of events that were tried again.
type Retried struct {
	Handled int // events that were handled
	Parked  int // events that are still parked, of the streams that were tried
}

const sqlWaitForLock = `
select position
from log.checkpoints
where name = $1
for update`

// Retry tries again what the view has parked on the streams of the events at
// these positions, or on all streams when there are none, and lets a view that
// stood still go on. The pool is under eventstore.RoleEngine.
func Retry(ctx context.Context, pool *pgxpool.Pool, log Log, v view.View, positions ...int64) (Retried, error) {
	var result Retried
	err := underLock(ctx, pool, v, func(tx pgx.Tx, held *parking.Held, parked []parking.Parked) (err error) {
		result, err = again(ctx, tx, log, v, held, parked, func(head parking.Parked, on []parking.Parked) bool {
			return len(positions) == 0 || slices.ContainsFunc(on, func(one parking.Parked) bool { return slices.Contains(positions, one.Position) })
		})
		if err != nil {
			return err
		}
		return groupOf(v).GoOn(ctx, tx)
	})
	return result, err
}

// Skip has the view leave events out for good, each the first that it has
// parked of its stream, notes who decided that, and tries again what waited
// behind them. A view that stood still goes on.
func Skip(ctx context.Context, pool *pgxpool.Pool, log Log, v view.View, by string, positions ...int64) (Retried, error) {
	var result Retried
	err := underLock(ctx, pool, v, func(tx pgx.Tx, _ *parking.Held, parked []parking.Parked) (err error) {
		streams, err := skip(ctx, tx, v, by, parked, positions)
		if err != nil {
			return err
		}
		held, err := groupOf(v).Load(ctx, tx)
		if err != nil {
			return err
		}
		if parked, err = groupOf(v).List(ctx, tx); err != nil {
			return err
		}
		result, err = again(ctx, tx, log, v, held, parked, func(head parking.Parked, _ []parking.Parked) bool {
			return slices.Contains(streams, head.Stream)
		})
		if err != nil {
			return err
		}
		return groupOf(v).GoOn(ctx, tx)
	})
	return result, err
}

// ErrNotFirst says that an event cannot be skipped, because it is not the
// first that is parked of its stream.
var ErrNotFirst = errors.New("no stream's first parked event is at this position")

func skip(ctx context.Context, tx pgx.Tx, v view.View, by string, parked []parking.Parked, positions []int64) (streams []string, err error) {
	heads := parking.Heads(parked)
	for _, position := range positions {
		at := slices.IndexFunc(heads, func(head parking.Parked) bool { return head.Position == position })
		if at < 0 {
			return nil, fmt.Errorf("skip the event at %d: %w", position, ErrNotFirst)
		}
		if err := groupOf(v).Skip(ctx, tx, position, by); err != nil {
			return nil, err
		}
		streams = append(streams, heads[at].Stream)
	}
	return streams, nil
}

// underLock does something with what the view has parked, while nobody else is
// at work on it.
func underLock(ctx context.Context, pool *pgxpool.Pool, v view.View,
	do func(tx pgx.Tx, held *parking.Held, parked []parking.Parked) error,
) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		var position int64
		err := tx.QueryRow(ctx, sqlWaitForLock, v.Group()).Scan(&position)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // it has handled nothing yet
		}
		if err != nil {
			return fmt.Errorf("lock the checkpoint: %w", err)
		}
		held, err := groupOf(v).Load(ctx, tx)
		if err != nil {
			return err
		}
		parked, err := groupOf(v).List(ctx, tx)
		if err != nil {
			return err
		}
		return do(tx, held, parked)
	})
}

// again tries the streams that are wanted, each in its order.
func again(ctx context.Context, tx pgx.Tx, log Log, v view.View, held *parking.Held, parked []parking.Parked,
	wanted func(head parking.Parked, on []parking.Parked) bool,
) (result Retried, err error) {
	streams := map[string][]parking.Parked{}
	for _, one := range parked {
		streams[one.Stream] = append(streams[one.Stream], one)
	}
	for _, head := range parking.Heads(parked) {
		on := streams[head.Stream]
		if !wanted(head, on) {
			continue
		}
		handled, err := stream(ctx, tx, log, v, held, on)
		if err != nil {
			return result, err
		}
		result.Handled += handled
		result.Parked += len(on) - handled
	}
	return result, nil
}

// stream tries the parked events of one stream until one fails again.
func stream(ctx context.Context, tx pgx.Tx, log Log, v view.View, held *parking.Held, parked []parking.Parked) (handled int, err error) {
	writer := rows.Live{Tx: tx, Schema: view.Names}
	for _, one := range parked {
		var told *Told
		at := eventstore.Stretch{After: one.Position - 1, UpTo: one.Position, Limit: 1}
		_, err := log.Scan(ctx, at, func(recorded eventstore.Recorded, undecodable error) (err error) {
			held.Release(recorded)
			told, err = step(ctx, tx, writer, v, held, recorded, undecodable)
			return err
		})
		if err != nil || told != nil {
			return handled, err
		}
		if err := groupOf(v).Pass(ctx, tx, one.Position); err != nil {
			return handled, err
		}
		handled++
	}
	return handled, nil
}

// retryUnknown tries again what was parked as unknown by a process that did not
// know it yet.
func (t *turn) retryUnknown(ctx context.Context) error {
	known := append(t.log.Registry().Types(), t.log.Registry().OldTypes()...)
	return underLock(ctx, t.pool, t.view, func(tx pgx.Tx, held *parking.Held, parked []parking.Parked) error {
		result, err := again(ctx, tx, t.log, t.view, held, parked, func(head parking.Parked, _ []parking.Parked) bool {
			return head.Class == parking.Unknown && slices.Contains(known, head.Type)
		})
		if err == nil && result.Handled > 0 {
			t.logger.Info("view handles what it did not know before", "events", result.Handled, "still_parked", result.Parked)
		}
		return err
	})
}
