package work

import (
	"context"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/projections/rows"
)

// DepartedTarget is a target whose author may not post there any more, or may
// again, but could not for a while after it was written (R61).
type DepartedTarget struct {
	Workspace  domain.WorkspaceID `db:"workspace_id"`
	Post       domain.PostID      `db:"post_id"`
	Author     domain.UserID      `db:"author_id"`
	Account    domain.AccountID   `db:"account_id"`
	Everywhere bool               `db:"everywhere"` // on every account, and not on this one alone
}

const sqlDeparted = `
select distinct
	t.workspace_id,
	t.post_id,
	t.author_id,
	t.account_id,
	d.account_id is null as everywhere
from views.departures as d
join views.workspaces as w on w.workspace_id = d.workspace_id and w.owner_id <> d.user_id
join views.targets as t on t.author_id = d.user_id and t.author_since < d.position
where d.what in ('membership', 'posting')
and t.workspace_id = d.workspace_id
and (d.account_id is null or t.account_id = d.account_id)
order by t.post_id, t.author_id, t.account_id, everywhere
limit $1`

// Departed lists targets that have still to pass to the Owner (R61), those of
// one post together.
func (r *Reader) Departed(ctx context.Context, limit int) ([]DepartedTarget, error) {
	return list[DepartedTarget](ctx, r, "targets of those who have gone", sqlDeparted, limit)
}

const sqlStopped = wholeTarget + `
from views.departures as d
join views.targets as t on t.account_id = d.account_id
where d.what = 'account'
and t.state in ('waiting', 'scheduled', 'needs_reauthentication')
order by t.due
limit $1`

// OnRemovedAccounts lists targets that wait although the workspace does not
// hold their account any more (R7).
func (r *Reader) OnRemovedAccounts(ctx context.Context, limit int) ([]Target, error) {
	return list[Target](ctx, r, "targets on removed accounts", sqlStopped, limit)
}

// ErasedMember is somebody who was erased and is still a member.
type ErasedMember struct {
	Workspace domain.WorkspaceID `db:"workspace_id"`
	User      domain.UserID      `db:"user_id"`
}

// The Owner stays (R12), and nobody leaves what is closed (R13).
const sqlErasedMembers = `
select
	m.workspace_id,
	m.user_id
from persons.erased() as erased (person)
join views.members as m on m.user_id = erased.person
join views.workspaces as w on w.workspace_id = m.workspace_id
where m.role <> 'owner'
and w.closed_at is null
and w.delete_at is null
order by m.workspace_id, m.user_id
limit $1`

// ErasedMembers lists memberships that have to be ended because their person was
// erased (R66).
func (r *Reader) ErasedMembers(ctx context.Context, limit int) ([]ErasedMember, error) {
	return list[ErasedMember](ctx, r, "members who were erased", sqlErasedMembers, limit)
}

// Pending is a target that is not published yet and may still be.
type Pending struct {
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
and t.author_id = $2
and t.state in ('draft', 'waiting', 'scheduled', 'claimed', 'needs_reauthentication')
order by p.position, t.account_id
limit $3`

// Pending lists a member's targets that are not published yet and may still be,
// those of one post together.
func (r *Reader) Pending(ctx context.Context, ws domain.WorkspaceID, author domain.UserID) ([]Pending, error) {
	return list[Pending](ctx, r, "pending targets", sqlPending, rows.UUID(ws), rows.UUID(author), mostPending)
}
