package projections

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// ScheduledTarget is a target that is still to go out by itself.
type ScheduledTarget struct {
	Post     domain.PostID    `db:"post_id"`
	Account  domain.AccountID `db:"account_id"`
	Author   domain.UserID    `db:"author_id"` // whose the target is
	Identity string           `db:"identity"`  // its own choice
	State    post.TargetState `db:"state"`
	Due      time.Time        `db:"due"`
}

const sqlScheduled = `
select
	t.post_id,
	t.account_id,
	t.author_id,
	t.identity,
	t.state,
	t.due
from views.accounts as a
join views.targets as t on t.account_id = a.account_id and t.workspace_id = a.workspace_id
where a.workspace_id = $1
and t.state in ('waiting', 'scheduled')
order by t.due, t.post_id, t.account_id
limit $2`

// Scheduled lists what is still to go out in the scope's workspace, the most
// urgent first, as far as the view is.
func (r *Reader) Scheduled(ctx context.Context, scope eventstore.Scope, limit int) (Answer[[]ScheduledTarget], error) {
	return list(ctx, r, scope, 0, []View{Posts, Accounts}, func(batch *pgx.Batch, into *[]ScheduledTarget) {
		queue(batch, into, sqlScheduled, rows.UUID(scope.Workspace), limit)
	})
}
