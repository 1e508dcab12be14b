package reading

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"behalf/projections"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// groups remembers which consumer group follows the log for the tables that a
// view's readable names stand for. Other tables may take their place at any time;
// the group of those that were there is then retired, which shows in its checkpoint.
type groups struct{ known sync.Map } // by the view's name

// errRetired says that a view's tables are other ones than were remembered.
var errRetired = errors.New("a view has other tables now")

const sqlGroups = `
select
	view,
	version
from views.generations
where view = any ($1)
and state = 'current'`

// of answers the views' groups; of a view without tables, the one that will fill them.
func (g *groups) of(ctx context.Context, pool *pgxpool.Pool, views []projections.View) ([]string, error) {
	names, all := make([]string, len(views)), true
	for i, view := range views {
		known, found := g.known.Load(view.Name)
		if found {
			names[i] = known.(string)
		}
		all = all && found
	}
	if all {
		return names, nil
	}
	if err := g.learn(ctx, pool, views); err != nil {
		return nil, fmt.Errorf("learn which tables there are: %w", err)
	}
	for i, view := range views {
		names[i] = view.Group()
		if known, found := g.known.Load(view.Name); found {
			names[i] = known.(string)
		}
	}
	return names, nil
}

func (g *groups) learn(ctx context.Context, pool *pgxpool.Pool, views []projections.View) error {
	asked := make([]string, len(views))
	byName := map[string]projections.View{}
	for i, view := range views {
		asked[i], byName[view.Name] = view.Name, view
	}
	found, err := pool.Query(ctx, sqlGroups, asked)
	if err != nil {
		return err
	}
	var name string
	var version int
	_, err = pgx.ForEachRow(found, []any{&name, &version}, func() error {
		view := byName[name]
		view.Version = version // which may be older than this program, or newer
		g.known.Store(name, view.Group())
		return nil
	})
	return err
}

func (g *groups) forget(views []projections.View) {
	for _, view := range views {
		g.known.Delete(view.Name)
	}
}

// How far all the views are, 0 where one of them has not begun; how many have; and
// the furthest of them, which nothing lies behind when a group was retired.
const sqlPosition = `
select
	case when count(*) = cardinality($1::text[]) then min(position) else 0 end,
	count(*),
	coalesce(max(position), 0)
from log.checkpoints
where name = any ($1)`

// queuePosition asks how far the groups are. One that is not known may have been of
// a database that was there before this one. The batch ends with errRetired when one
// of them follows the log no more.
func (s *seen) queuePosition(batch *pgx.Batch, groups []string) {
	batch.Queue(sqlPosition, groups).QueryRow(func(row pgx.Row) error {
		var begun int
		var furthest int64
		if err := row.Scan(&s.position, &begun, &furthest); err != nil {
			return err
		}
		if furthest == math.MaxInt64 {
			return errRetired
		}
		s.known = begun == len(groups)
		return nil
	})
}

// Whether one of the views has put aside what is waited for: the event itself,
// or another one of its command.
const sqlParked = `
select exists (
	select
	from views.parked as p
	left join log.events as e on e.position = $2
	where p.name = any ($1)
	and (p.position = $2 or p.command_id = (log.readable(e.metadata) ->> 'command_id')::uuid)
)`

func (s *seen) queueParked(batch *pgx.Batch, groups []string, position int64) {
	batch.Queue(sqlParked, groups, position).QueryRow(func(row pgx.Row) error { return row.Scan(&s.parked) })
}
