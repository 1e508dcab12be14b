package posts

import (
	"context"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/projections/reading"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// Lane is how much is in a state.
type Lane struct {
	State   post.TargetState `db:"state"`
	Posts   int64            `db:"posts"`
	Targets int64            `db:"targets"`
}

const sqlBoard = withSeen + `
select
	t.state,
	count(distinct t.post_id) as posts,
	count(*) as targets
from views.targets as t
join views.posts as p on p.post_id = t.post_id
where t.workspace_id = $1
and ($3::uuid is null or t.account_id in (select account_id from seen))
and (not p.private or p.author_id = $2 or exists (
	select
	from views.targets as o
	where o.post_id = p.post_id
	and o.state <> 'draft'
))
and (t.state <> 'draft' or $3::uuid is null or p.author_id = $3 or exists (
	select
	from views.targets as o
	where o.post_id = p.post_id
	and o.state <> 'draft'
) or not exists (
	select
	from views.targets as o
	where o.post_id = p.post_id
	and o.account_id not in (select account_id from seen)
))
group by t.state`

// Board counts what the scope's user sees, by state. seenBy is as in Page.
func Board(ctx context.Context, views *reading.Reader, scope eventstore.Scope, atLeast int64, seenBy domain.UserID) (reading.Answer[[]Lane], error) {
	return reading.List(ctx, views, scope, atLeast, seenViews, func(batch *pgx.Batch, into *[]Lane) {
		rows.Queue(batch, into, sqlBoard, rows.UUID(scope.Workspace), rows.UUID(scope.User), rows.UUID(seenBy))
	})
}
