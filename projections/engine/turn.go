package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

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

	mutex    sync.Mutex
	unfollow context.CancelFunc // nil while something else is done
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

const sqlSituations = `
select
	coalesce(g.version, 0),
	coalesce(c.position, 0),
	h.position,
	exists (
		select
		from views.stopped as s
		where s.name = v.consumers
	),
	(
		select count(distinct p.stream)
		from views.parked as p
		where p.name = v.consumers
	)
from unnest($1::text[], $2::text[]) with ordinality as v (name, consumers, nth)
cross join log.high_water as h
left join views.generations as g on g.view = v.name and g.state = 'current'
left join log.checkpoints as c on c.name = v.consumers
order by v.nth`

// look reads how views are, in one go, and shows it to operators.
func (e *Engine) look(ctx context.Context, at ...*turn) ([]situation, error) {
	var views, groups []string
	for _, t := range at {
		views, groups = append(views, t.view.Name), append(groups, t.group.Name)
	}
	found, err := e.pool.Query(ctx, sqlSituations, views, groups)
	if err != nil {
		return nil, fmt.Errorf("look at the views: %w", err)
	}
	seen, err := pgx.CollectRows(found, pgx.RowToStructByPos[situation])
	if err == nil && len(seen) != len(at) {
		err = errors.New("the log has no high-water mark")
	}
	if err != nil {
		return nil, fmt.Errorf("look at the views: %w", err)
	}
	for i, t := range at {
		e.metrics.seen(t.view, seen[i])
	}
	return seen, nil
}

// patience is how long a look may take: a connection whose other end has vanished
// would keep all the views from being looked at, for minutes.
const patience = 5 * time.Second

// watch has the views leave off following where something else has to be done,
// until ctx ends.
func (e *Engine) watch(ctx context.Context, all []*turn) {
	for {
		if wait(ctx, e.options.Watch); ctx.Err() != nil {
			return
		}
		asking, cancel := context.WithTimeout(ctx, patience)
		seen, err := e.look(asking, all...)
		cancel()
		if err != nil {
			continue // whoever follows notices by itself
		}
		for i, t := range all {
			t.reconsider(seen[i])
		}
	}
}

func (t *turn) reconsider(seen situation) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.unfollow != nil && (seen.Version != t.view.Version || seen.Stopped || seen.behind() > t.options.Bulk) {
		t.unfollow()
	}
}

// following says how it is ended; nil when it has been.
func (t *turn) following(unfollow context.CancelFunc) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.unfollow = unfollow
}

// take does one thing until something else has to be done.
func (t *turn) take(ctx context.Context) (handled bool, err error) {
	all, err := t.look(ctx, t)
	if err != nil {
		return false, err
	}
	switch seen := all[0]; {
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
	if all[0].behind() > t.options.Bulk {
		return t.catchUp(ctx, all[0].Head)
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
