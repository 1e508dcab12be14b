package posts

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/reading"
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

// Way is what decides how a target goes out: where, whose it is, and as whom. Of
// all with the same there is one answer.
type Way struct {
	Account  domain.AccountID `db:"account_id"`
	Author   domain.UserID    `db:"author_id"`
	Identity string           `db:"identity"`
	Targets  int              `db:"targets"` // how many there are
}

// ScheduledOf narrows what is scheduled: a zero id means all of them.
type ScheduledOf struct {
	Account domain.AccountID
	Author  domain.UserID
}

const sqlWays = `
select
	t.account_id,
	t.author_id,
	t.identity,
	count(*)::integer as targets
from views.accounts as a
join views.targets as t on t.account_id = a.account_id and t.workspace_id = a.workspace_id
where a.workspace_id = $1
and ($2::uuid is null or t.account_id = $2)
and ($3::uuid is null or t.author_id = $3)
and t.state in ('waiting', 'scheduled')
group by t.account_id, t.author_id, t.identity`

// Ways counts all that is still to go out in the scope's workspace, as far as the
// view is. However much is planned, the answer is no longer than there are accounts
// with authors (R48).
func Ways(ctx context.Context, views *reading.Reader, scope eventstore.Scope, of ScheduledOf) (reading.Answer[[]Way], error) {
	return reading.List(ctx, views, scope, 0, []projections.View{projections.Posts, projections.Accounts}, func(batch *pgx.Batch, into *[]Way) {
		reading.PlanEach(batch)
		rows.Queue(batch, into, sqlWays, rows.UUID(scope.Workspace), rows.UUID(of.Account), rows.UUID(of.Author))
	})
}

const sqlScheduled = `
select
	t.post_id,
	t.account_id,
	t.author_id,
	t.identity,
	t.state,
	t.due
from unnest($2::uuid[], $3::uuid[], $4::text[]) as s (account_id, author_id, identity)
join views.targets as t on t.account_id = s.account_id and t.author_id = s.author_id and t.identity = s.identity
where t.workspace_id = $1
and t.state in ('waiting', 'scheduled')
order by t.due, t.post_id, t.account_id
limit $5`

// Scheduled lists what is still to go out in one of these ways, the most urgent first.
func Scheduled(ctx context.Context, views *reading.Reader, scope eventstore.Scope, ways []Way, limit int) (reading.Answer[[]ScheduledTarget], error) {
	on, by, identities := make([]domain.AccountID, len(ways)), make([]domain.UserID, len(ways)), make([]string, len(ways))
	for i, way := range ways {
		on[i], by[i], identities[i] = way.Account, way.Author, way.Identity
	}
	return reading.List(ctx, views, scope, 0, []projections.View{projections.Posts}, func(batch *pgx.Batch, into *[]ScheduledTarget) {
		reading.PlanEach(batch)
		rows.Queue(batch, into, sqlScheduled, rows.UUID(scope.Workspace), rows.UUIDs(on), rows.UUIDs(by), identities, limit)
	})
}
