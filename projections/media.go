package projections

import (
	"context"
	"errors"
	"fmt"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/projections/rows"

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
func (w *Work) Used(ctx context.Context, media []domain.MediaID) (map[domain.MediaID]bool, error) {
	var complete bool
	if err := w.pool.QueryRow(ctx, sqlPostsComplete).Scan(&complete); err != nil {
		return nil, fmt.Errorf("ask how far posts are: %w", err)
	}
	if !complete {
		return nil, fmt.Errorf("look for media in posts: %w", ErrBehind)
	}
	wanted := make([]string, len(media))
	for i, id := range media {
		wanted[i] = id.String()
	}
	found, err := w.pool.Query(ctx, sqlMediaUsed, wanted)
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

const sqlMediaSeen = `
with mine as materialized (
	select a.account_id
	from unnest($3::uuid[]) as a (account_id)
	union
	select c.account_id
	from views.connections as c
	where c.workspace_id = $1
	and c.holder_id = $4
	and c.connection_id is not null
)
select coalesce(bool_or(
	(not p.private or p.author_id = $4)
	and exists (
		select
		from views.targets as t
		where t.post_id = p.post_id
		and t.account_id in (select account_id from mine)
	)
	and (p.author_id = $4 or exists (
		select
		from views.targets as t
		where t.post_id = p.post_id
		and t.state <> 'draft'
	) or not exists (
		select
		from views.targets as t
		where t.post_id = p.post_id
		and t.account_id not in (select account_id from mine)
	))
), false) as seen,
count(*) > 0 as used
from views.posts as p
where p.workspace_id = $1
and p.media ? $2`

// MediaUse is which posts name a medium.
type MediaUse struct {
	Seen bool `db:"seen"` // one that the scope's user sees
	Used bool `db:"used"` // any
}

// MediaSeen reports whether the scope's user sees a post that names the medium, as
// in Posts: on one of the accounts that are theirs (R27), not kept private by
// somebody else, and as long as it is somebody else's draft, on no account that is
// not theirs (R31); and whether any post does. Theirs are those that are assigned
// to them, as the log says now (R64), and those that they connected.
func (r *Reader) MediaSeen(ctx context.Context, scope eventstore.Scope, atLeast int64, medium domain.MediaID, assigned []domain.AccountID) (Answer[MediaUse], error) {
	return one(ctx, r, scope, atLeast, []View{Posts, Accounts}, func(batch *pgx.Batch, into *[]MediaUse) {
		queue(batch, into, sqlMediaSeen, rows.UUID(scope.Workspace), medium.String(), uuids(assigned), rows.UUID(scope.User))
	})
}
