package work

import (
	"context"
	"errors"
	"fmt"

	"behalf/domain"

	"github.com/jackc/pgx/v5"
)

// ErrBehind says that a view is too far behind, or has parked something, to say
// that something is not there.
var ErrBehind = errors.New("the view does not know enough")

// The view has to know everything that is older than a minute.
const sqlPostsComplete = `
select coalesce((
	select c.position
	from views.generations as g
	join log.checkpoints as c on c.name = 'view:' || g.view || ':' || g.version
	where g.view = 'posts'
	and g.state = 'current'
), 0) >= coalesce((
	select e.position
	from log.events as e
	where e.recorded_at < clock_timestamp() - interval '1 minute'
	order by e.position desc
	limit 1
), 0)
and not exists (
	select
	from views.parked as p
	join views.generations as g on p.name = 'view:' || g.view || ':' || g.version
	where g.view = 'posts'
	and g.state = 'current'
)`

const sqlMediaUsed = `
select distinct used.id
from views.posts as p
cross join lateral jsonb_array_elements_text(p.media) as used (id)
where p.media ?| $1::text[]
and used.id = any ($1)`

// Used returns those of the media that a post names as it is now, drafts
// included. It is ErrBehind when the view cannot say so for sure.
func (r *Reader) Used(ctx context.Context, media []domain.MediaID) (map[domain.MediaID]bool, error) {
	var complete bool
	if err := r.pool.QueryRow(ctx, sqlPostsComplete).Scan(&complete); err != nil {
		return nil, fmt.Errorf("ask how far posts are: %w", err)
	}
	if !complete {
		return nil, fmt.Errorf("look for media in posts: %w", ErrBehind)
	}
	wanted := make([]string, len(media))
	for i, id := range media {
		wanted[i] = id.String()
	}
	found, err := r.pool.Query(ctx, sqlMediaUsed, wanted)
	if err != nil {
		return nil, fmt.Errorf("look for media in posts: %w", err)
	}
	named, err := pgx.CollectRows(found, pgx.RowTo[string])
	used := make(map[domain.MediaID]bool, len(named))
	for _, text := range named {
		var id domain.MediaID
		if err := id.UnmarshalText([]byte(text)); err != nil {
			return nil, fmt.Errorf("look for media in posts: %w", err)
		}
		used[id] = true
	}
	if err != nil {
		return nil, fmt.Errorf("look for media in posts: %w", err)
	}
	return used, nil
}
