package engine

import (
	"context"
	"errors"
	"fmt"

	"behalf/projections/parking"
	"behalf/projections/rows"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// page is how many events share one large step.
const page = 10_000

// ErrBusy says that another process is at work on the view.
var ErrBusy = errors.New("another process is at work on the view")

// errMoved says that what a page was based on has changed.
var errMoved = errors.New("the view has changed meanwhile")

// Filler brings a view's tables forward in large steps: it reads and folds one
// page of events while the one before is written. A page and the checkpoint are
// one transaction.
type Filler struct {
	Pool   *pgxpool.Pool
	Log    Log
	View   view.View
	Group  parking.Group
	Schema string     // where the tables are
	New    *rows.Seen // see rows.Target

	Progress func(position int64, events int) // called after each page; nil for nobody
	Parked   func(Told)                       // called for each event that was parked; nil for nobody
}

const sqlLock = `
select position
from log.checkpoints
where name = $1
for update skip locked`

const sqlMove = `
update log.checkpoints
set
	position = $2,
	moved_at = clock_timestamp()
where name = $1`

const sqlJoin = `
insert into log.checkpoints (name, position)
values ($1, 0)
on conflict (name) do nothing`

// A page that is lost in a crash is lost with its checkpoint.
const sqlRelaxed = `
set local synchronous_commit = off`

// Fill handles everything up to a position that the high-water mark has
// reached, and answers how far it has come. ErrBusy says that somebody else is
// at it, parking.ErrTooMany that it has to stop.
func (f *Filler) Fill(ctx context.Context, upTo int64) (reached int64, err error) {
	if _, err := f.Pool.Exec(ctx, sqlJoin, f.Group.Name); err != nil {
		return 0, fmt.Errorf("join the group %s: %w", f.Group.Name, err)
	}
	for {
		from, held, err := f.start(ctx)
		if err != nil || from >= upTo {
			return from, err
		}
		reached, err = f.run(ctx, from, upTo, held)
		if !errors.Is(err, errMoved) {
			return reached, err
		}
	}
}

// start reads where to begin and what is held there.
func (f *Filler) start(ctx context.Context) (from int64, held *parking.Held, err error) {
	err = f.locked(ctx, func(tx pgx.Tx, position int64) (err error) {
		from = position
		held, err = f.Group.Load(ctx, tx)
		return err
	})
	return from, held, err
}

// locked does something while no other process moves the checkpoint.
func (f *Filler) locked(ctx context.Context, do func(tx pgx.Tx, position int64) error) error {
	return pgx.BeginFunc(ctx, f.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlRelaxed); err != nil {
			return fmt.Errorf("begin a step: %w", err)
		}
		var position int64
		err := tx.QueryRow(ctx, sqlLock, f.Group.Name).Scan(&position)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrBusy
		}
		if err != nil {
			return fmt.Errorf("lock the checkpoint: %w", err)
		}
		return do(tx, position)
	})
}

// run writes page after page, while the next one is made.
func (f *Filler) run(ctx context.Context, from, upTo int64, held *parking.Held) (reached int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	maker := &maker{Filler: f, held: held, pages: make(chan *folded)}
	made := make(chan error, 1)
	go func() {
		defer close(maker.pages)
		made <- maker.make(ctx, from, upTo)
	}()
	defer func() {
		cancel()
		for range maker.pages { // what is made is of no use any more
		}
	}()
	reached = from
	for one := range maker.pages {
		if err := f.write(ctx, one); err != nil {
			return reached, err
		}
		reached = one.to
		if f.Progress != nil {
			f.Progress(reached, one.events)
		}
	}
	return reached, <-made
}

// write writes a page. When it is refused for what is in it, its events are
// handled one by one, to find which.
func (f *Filler) write(ctx context.Context, one *folded) error {
	err := f.locked(ctx, func(tx pgx.Tx, position int64) error {
		held, err := f.Group.Load(ctx, tx)
		if err != nil {
			return err
		}
		if position != one.from || !held.Equal(one.before) {
			return errMoved
		}
		if err := one.fold.Write(ctx, tx, rows.Target{Schema: f.Schema, New: f.New}); err != nil {
			return err
		}
		for _, told := range one.parked {
			if err := held.Park(ctx, tx, told.Event, told.Class); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, sqlMove, f.Group.Name, one.to)
		return err
	})
	var settled = errors.Is(err, errMoved) || errors.Is(err, ErrBusy) || errors.Is(err, parking.ErrTooMany)
	switch {
	case err == nil:
		f.tell(one.parked)
		return nil
	case settled:
		return err
	case deterministic(ctx, err):
		return f.oneByOne(ctx, one)
	}
	return fmt.Errorf("write events %d to %d: %w", one.from+1, one.to, err)
}

func (f *Filler) tell(parked []Told) {
	if f.Parked == nil {
		return
	}
	for _, told := range parked {
		f.Parked(told)
	}
}
