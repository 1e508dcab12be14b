package posts

import (
	"context"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/reading"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// PendingTarget is a target that has not been published yet.
type PendingTarget struct {
	Post    domain.PostID    `db:"post_id"`
	Account domain.AccountID `db:"account_id"`
	State   post.TargetState `db:"state"`
}

// mostPending bounds what is listed of one author. Nothing depends on the rest
// of the list: every post is passed on by itself (R61).
const mostPending = 1000

const sqlPending = `
select
	t.post_id,
	t.account_id,
	t.state
from views.posts as p
join views.targets as t on t.post_id = p.post_id
where p.workspace_id = $1
and ($2::uuid is null or t.author_id = $2)
and ($3::uuid is null or t.account_id = $3)
and t.state in ('draft', 'waiting', 'scheduled', 'claimed', 'needs_reauthentication')
order by p.position, t.account_id
limit $4`

// Pending lists the targets that are somebody's, are not published yet and may
// still be, on one account or, where that is zero, on all, the oldest posts first.
// Whose a target is, is told of each: what has passed to the Owner is the Owner's,
// whoever wrote the post (R61). Where the author is zero, it lists everybody's.
func Pending(ctx context.Context, views *reading.Reader, scope eventstore.Scope, atLeast int64, author domain.UserID, account domain.AccountID) (reading.Answer[[]PendingTarget], error) {
	return reading.List(ctx, views, scope, atLeast, []projections.View{projections.Posts}, func(batch *pgx.Batch, into *[]PendingTarget) {
		reading.PlanEach(batch)
		rows.Queue(batch, into, sqlPending, rows.UUID(scope.Workspace), rows.UUID(author), rows.UUID(account), mostPending)
	})
}
