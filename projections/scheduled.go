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

// ScheduledOf narrows what is scheduled: a zero id means all of them.
type ScheduledOf struct {
	Account domain.AccountID
	Author  domain.UserID
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
and ($2::uuid is null or t.account_id = $2)
and ($3::uuid is null or t.author_id = $3)
and t.state in ('waiting', 'scheduled')
order by t.due, t.post_id, t.account_id`

// Scheduled lists all that is still to go out in the scope's workspace, the most
// urgent first, as far as the view is. It has no bound: what an answer is made of
// that leaves nothing out has to be read to the end (R48).
func (r *Reader) Scheduled(ctx context.Context, scope eventstore.Scope, of ScheduledOf) (Answer[[]ScheduledTarget], error) {
	return list(ctx, r, scope, 0, []View{Posts, Accounts}, func(batch *pgx.Batch, into *[]ScheduledTarget) {
		batch.Queue(sqlPlanEach)
		queue(batch, into, sqlScheduled, rows.UUID(scope.Workspace), rows.UUID(of.Account), rows.UUID(of.Author))
	})
}
