package reading

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/projections"
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
func (r *Reader) Pending(ctx context.Context, scope eventstore.Scope, atLeast int64, author domain.UserID, account domain.AccountID) (Answer[[]PendingTarget], error) {
	return list(ctx, r, scope, atLeast, []projections.View{projections.Posts}, func(batch *pgx.Batch, into *[]PendingTarget) {
		batch.Queue(sqlPlanEach)
		queue(batch, into, sqlPending, rows.UUID(scope.Workspace), rows.UUID(author), rows.UUID(account), mostPending)
	})
}

// ScheduledTarget is a target that is still to go out by itself.
type ScheduledTarget struct {
	Post     domain.PostID    `db:"post_id"`
	Account  domain.AccountID `db:"account_id"`
	Author   domain.UserID    `db:"author_id"` // whose the target is
	Identity string           `db:"identity"`  // its own choice
	State    post.TargetState `db:"state"`
	Due      time.Time        `db:"due"`
}

// ScheduledAs is what decides how a target goes out: where, whose it is, and as
// whom. Of all with the same there is one answer.
type ScheduledAs struct {
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

const sqlScheduledAs = `
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

// ScheduledAs counts all that is still to go out in the scope's workspace, as far
// as the view is. However much is planned, the answer is no longer than there are
// accounts with authors (R48).
func (r *Reader) ScheduledAs(ctx context.Context, scope eventstore.Scope, of ScheduledOf) (Answer[[]ScheduledAs], error) {
	return list(ctx, r, scope, 0, []projections.View{projections.Posts, projections.Accounts}, func(batch *pgx.Batch, into *[]ScheduledAs) {
		batch.Queue(sqlPlanEach)
		queue(batch, into, sqlScheduledAs, rows.UUID(scope.Workspace), rows.UUID(of.Account), rows.UUID(of.Author))
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
func (r *Reader) Scheduled(ctx context.Context, scope eventstore.Scope, as []ScheduledAs, limit int) (Answer[[]ScheduledTarget], error) {
	on, by, identities := make([]domain.AccountID, len(as)), make([]domain.UserID, len(as)), make([]string, len(as))
	for i, one := range as {
		on[i], by[i], identities[i] = one.Account, one.Author, one.Identity
	}
	return list(ctx, r, scope, 0, []projections.View{projections.Posts}, func(batch *pgx.Batch, into *[]ScheduledTarget) {
		batch.Queue(sqlPlanEach)
		queue(batch, into, sqlScheduled, rows.UUID(scope.Workspace), uuids(on), uuids(by), identities, limit)
	})
}
