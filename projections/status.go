package projections

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Status is how a view is, for operators.
type Status struct {
	View    string
	Behind  int64 // positions that it has still to come to, up to the high-water mark
	Parked  int   // events that it has put aside
	Stopped bool  // it stands still until an operator has looked
	Version int   // of its tables; it stands still when this is not the program's
}

const sqlStatus = `
select
	v.name,
	greatest(h.position - coalesce(c.position, 0), 0) as behind,
	(
		select count(*)
		from views.parked as p
		where p.name = c.name
	) as parked,
	exists (
		select
		from views.stopped as s
		where s.name = c.name
	) as stopped,
	coalesce(g.version, 0) as version
from unnest($1::text[]) with ordinality as v (name, place)
cross join log.high_water as h
left join views.generations as g on g.view = v.name and g.state = 'current'
left join log.checkpoints as c on c.name = 'view:' || g.view || ':' || g.version
order by v.place`

// Look answers how all views are. Any role may ask.
func Look(ctx context.Context, pool *pgxpool.Pool) ([]Status, error) {
	var names []string
	for _, one := range Views() {
		names = append(names, one.Name)
	}
	found, err := pool.Query(ctx, sqlStatus, names)
	if err != nil {
		return nil, fmt.Errorf("look at the views: %w", err)
	}
	all, err := pgx.CollectRows(found, pgx.RowToStructByPos[Status])
	if err != nil {
		return nil, fmt.Errorf("look at the views: %w", err)
	}
	return all, nil
}
