package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"behalf/projections/parking"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
)

// turn is what an engine knows of one view from one thing it does to the next.
type turn struct {
	*Engine
	view    view.View
	group   parking.Group
	logger  *slog.Logger
	retried bool   // what was parked as unknown has been tried again
	said    string // the last reason for standing by
}

// groupOf is the consumer group that fills what is read of a view.
func groupOf(v view.View) parking.Group { return parking.Group{Name: v.Group(), View: v.Name} }

// situation is how a view is.
type situation struct {
	Version  int // of its tables; 0 when there are none
	Position int64
	Head     int64
	Stopped  bool // see parking.Group.Stop
	Parked   int  // streams
}

// behind is how many events there may be to catch up with.
func (s situation) behind() int64 { return s.Head - s.Position }

const sqlSituation = `
select
	coalesce(g.version, 0),
	coalesce(c.position, 0),
	h.position,
	exists (
		select
		from views.stopped as s
		where s.name = $2
	),
	(
		select count(distinct p.stream)
		from views.parked as p
		where p.name = $2
	)
from log.high_water as h
left join views.generations as g on g.view = $1 and g.state = 'current'
left join log.checkpoints as c on c.name = $2`

// look reads how the view is, and shows it to operators.
func (t *turn) look(ctx context.Context) (situation, error) {
	found, err := t.pool.Query(ctx, sqlSituation, t.view.Name, t.group.Name)
	if err != nil {
		return situation{}, fmt.Errorf("look at the view: %w", err)
	}
	seen, err := pgx.CollectExactlyOneRow(found, pgx.RowToStructByPos[situation])
	if err != nil {
		return situation{}, fmt.Errorf("look at the view: %w", err)
	}
	t.metrics.seen(t.view, seen)
	return seen, nil
}

// take does one thing until something else has to be done.
func (t *turn) take(ctx context.Context) (handled bool, err error) {
	seen, err := t.look(ctx)
	if err != nil {
		return false, err
	}
	switch {
	case seen.Version != t.view.Version:
		t.standBy(ctx, fmt.Sprintf("its tables are of version %d: rebuild it", seen.Version))
		return false, nil
	case seen.Stopped:
		t.standBy(ctx, "too much was parked: see what is parked, and let it retry")
		return false, nil
	}
	t.said = ""
	if !t.retried {
		if err := t.retryUnknown(ctx); err != nil {
			return false, err
		}
		t.retried = true
	}
	if seen.behind() > t.options.Bulk {
		return t.catchUp(ctx, seen.Head)
	}
	return t.follow(ctx)
}

// standBy waits a little, and says why when that is new.
func (t *turn) standBy(ctx context.Context, reason string) {
	if t.said != reason {
		t.said = reason
		t.logger.Error("view stands still", "reason", reason)
	}
	wait(ctx, t.options.Watch)
}

// catchUp takes large steps up to the head as it was seen.
func (t *turn) catchUp(ctx context.Context, head int64) (handled bool, err error) {
	t.metrics.bulk.WithLabelValues(t.view.Name).Set(1)
	defer t.metrics.bulk.WithLabelValues(t.view.Name).Set(0)
	filler := &Filler{
		Pool: t.pool, Log: t.log, View: t.view, Group: t.group, Schema: view.Names,
		Progress: func(position int64, events int) {
			handled = true
			t.metrics.handled(t.view, position, events)
		},
		Parked: t.tell,
	}
	_, err = filler.Fill(ctx, head)
	switch {
	case errors.Is(err, ErrBusy):
		wait(ctx, t.options.Watch)
		return handled, nil
	case errors.Is(err, parking.ErrTooMany):
		return handled, t.stop(ctx)
	}
	return handled, err
}

// stop lets the group stand still in all processes.
func (t *turn) stop(ctx context.Context) error {
	t.logger.Error("view stops", "reason", parking.ErrTooMany)
	return t.group.Stop(ctx, t.pool, parking.ErrTooMany.Error())
}
