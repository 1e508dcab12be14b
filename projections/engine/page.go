package engine

import (
	"context"
	"errors"

	"behalf/eventstore"
	"behalf/projections/parking"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// folded is one page of the log, as what it changes.
type folded struct {
	from, to int64 // behind which position, up to which
	events   int
	before   *parking.Held // what it is based on
	fold     rows.Fold
	parked   []Told
}

// maker makes pages.
type maker struct {
	*Filler
	held  *parking.Held // as of the last event that was taken
	pages chan *folded
}

// make hands on page after page until there are no more, or ctx ends.
func (m *maker) make(ctx context.Context, from, upTo int64) error {
	without := m.View.Without(m.Log.Registry())
	for from < upTo {
		one := &folded{from: from, before: m.held.Clone()}
		var err error
		one.to, err = m.Log.Scan(ctx, eventstore.Stretch{After: from, UpTo: upTo, Limit: page, Without: without},
			func(recorded eventstore.Recorded, undecodable error) error {
				one.events++
				m.take(one, recorded, undecodable)
				return nil
			})
		if err != nil {
			return err
		}
		from = one.to
		select {
		case m.pages <- one:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// take folds one event, or has it parked.
func (m *maker) take(one *folded, recorded eventstore.Recorded, undecodable error) {
	switch {
	case m.held.Skips(recorded):
		return
	case m.held.Holds(recorded):
		one.parked = append(one.parked, Told{Event: recorded, Class: parking.Behind})
		return
	}
	changes, bad := changesOf(m.View, recorded, undecodable)
	if bad == nil {
		if err := one.fold.Add(changes); err != nil {
			bad = &poison{parking.Refused, err}
		}
	}
	if bad != nil {
		m.held.Hold(recorded)
		one.parked = append(one.parked, Told{Event: recorded, Class: bad.class, Cause: bad.cause})
	}
}

// deterministic reports whether Postgres has refused what a page contains.
func deterministic(ctx context.Context, err error) bool {
	var answered *pgconn.PgError
	return errors.As(err, &answered) && !transient(ctx, err)
}

// oneByOne handles a page's events as one does that follows the log. What is
// made of later pages is based on less than is parked then, and made again.
func (f *Filler) oneByOne(ctx context.Context, one *folded) error {
	var parked []Told
	err := f.locked(ctx, func(tx pgx.Tx, position int64) error {
		held, err := f.Group.Load(ctx, tx)
		if err != nil {
			return err
		}
		if position != one.from {
			return errMoved
		}
		writer := rows.Live{Tx: tx, Schema: f.Schema}
		part := eventstore.Stretch{After: one.from, UpTo: one.to, Limit: page, Without: f.View.Without(f.Log.Registry())}
		_, err = f.Log.Scan(ctx, part, func(recorded eventstore.Recorded, undecodable error) error {
			told, err := step(ctx, tx, writer, f.View, held, recorded, undecodable)
			if told != nil {
				parked = append(parked, *told)
			}
			return err
		})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlMove, f.Group.Name, one.to)
		return err
	})
	if err == nil {
		f.tell(parked)
	}
	return err
}
