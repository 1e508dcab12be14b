package projections

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5/pgtype"
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
func (w *Work) Departed(ctx context.Context, limit int) ([]DepartedTarget, error) {
	return workList[DepartedTarget](ctx, w, "targets of those who have gone", sqlDeparted, limit)
}

const sqlStopped = `
select
	t.workspace_id, t.post_id, t.account_id, t.state, t.due, t.not_before, t.attempt_id,
	t.deadline, t.mode, t.holder_id, t.connection_id, t.code, t.detail, t.position
from views.departures as d
join views.targets as t on t.account_id = d.account_id
where d.what = 'account'
and t.state in ('waiting', 'scheduled', 'needs_reauthentication')
order by t.due
limit $1`

// OnRemovedAccounts lists targets that wait although the workspace does not
// hold their account any more (R7).
func (w *Work) OnRemovedAccounts(ctx context.Context, limit int) ([]WorkTarget, error) {
	return workList[WorkTarget](ctx, w, "targets on removed accounts", sqlStopped, limit)
}

// HeldConnection is a holder's connection to an account.
type HeldConnection struct {
	Workspace  domain.WorkspaceID  `db:"workspace_id"`
	Account    domain.AccountID    `db:"account_id"`
	Holder     domain.UserID       `db:"holder_id"`
	Connection domain.ConnectionID `db:"connection_id"`
}

const sqlAbandoned = `
select c.workspace_id, c.account_id, c.holder_id, c.connection_id
from views.departures as d
join views.connections as c on c.workspace_id = d.workspace_id and c.holder_id = d.user_id and c.position < d.position
where d.what = 'membership'
and c.connection_id is not null
union
select c.workspace_id, c.account_id, c.holder_id, c.connection_id
from views.departures as d
join views.connections as c on c.account_id = d.account_id
where d.what = 'account'
and c.connection_id is not null
union
select c.workspace_id, c.account_id, c.holder_id, c.connection_id
from views.departures as d
join views.connections as c on c.workspace_id = d.workspace_id
where d.what = 'workspace'
and c.connection_id is not null
union
select c.workspace_id, c.account_id, c.holder_id, c.connection_id
from views.connections as c
where c.state = 'revoked'
and c.connection_id is not null
limit $1`

// Abandoned lists connections that have to be destroyed: their holder is no
// member any more (R62) or has disconnected it, the account or the workspace is
// not there any more.
func (w *Work) Abandoned(ctx context.Context, limit int) ([]HeldConnection, error) {
	return workList[HeldConnection](ctx, w, "connections of those who have gone", sqlAbandoned, limit)
}

const sqlUnconnected = `
select
	a.workspace_id,
	a.account_id,
	w.owner_id as holder_id
from views.accounts as a
join views.workspaces as w on w.workspace_id = a.workspace_id
where w.closed_at is null
and w.delete_at is null
and not a.by_hand
and not exists (
	select
	from views.connections as c
	where c.account_id = a.account_id
	and c.holder_id = w.owner_id
	and (c.state <> 'missing' or c.outage_event is not null or c.since >= w.owned_since)
)
order by a.account_id
limit $1`

// Unconnected is an account that its workspace's Owner has not connected, and
// was not asked to.
type Unconnected struct {
	Workspace domain.WorkspaceID `db:"workspace_id"`
	Account   domain.AccountID   `db:"account_id"`
	Owner     domain.UserID      `db:"holder_id"`
}

// OwnerUnconnected lists accounts whose Owner has no connection and was not
// asked for one: somebody else added the account (R67), or the ownership was
// transferred (R49), to somebody perhaps who had disconnected before. Who does so
// as the Owner is asked when a post would go out through it; where people post by
// hand, none does.
func (w *Work) OwnerUnconnected(ctx context.Context, limit int) ([]Unconnected, error) {
	return workList[Unconnected](ctx, w, "accounts without the Owner's connection", sqlUnconnected, limit)
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
func (w *Work) ErasedMembers(ctx context.Context, limit int) ([]ErasedMember, error) {
	return workList[ErasedMember](ctx, w, "members who were erased", sqlErasedMembers, limit)
}

// Pending lists a member's targets that are not published yet and may still be.
func (w *Work) Pending(ctx context.Context, ws domain.WorkspaceID, author domain.UserID) ([]PendingTarget, error) {
	return workList[PendingTarget](ctx, w, "pending targets", sqlPending, rows.UUID(ws), rows.UUID(author), nil, mostPending)
}

// DueInvitation is a pending invitation whose time has come.
type DueInvitation struct {
	Workspace domain.WorkspaceID  `db:"workspace_id"`
	ID        domain.InvitationID `db:"invitation_id"`
}

const sqlExpired = `
select workspace_id, invitation_id
from views.invitations
where status = 'pending'
and expires_at <= $1
order by expires_at
limit $2`

// ExpiredInvitations lists pending invitations that could be accepted until a
// moment at most (R23).
func (w *Work) ExpiredInvitations(ctx context.Context, moment time.Time, limit int) ([]DueInvitation, error) {
	return workList[DueInvitation](ctx, w, "expired invitations", sqlExpired, moment, limit)
}

// DueDeletion is a workspace whose days of grace have passed.
type DueDeletion struct {
	Workspace domain.WorkspaceID `db:"workspace_id"`
}

const sqlDeletable = `
select workspace_id
from views.workspaces
where delete_at <= $1
order by delete_at
limit $2`

// DeletableWorkspaces lists those that are to be deleted by a moment (R13).
func (w *Work) DeletableWorkspaces(ctx context.Context, moment time.Time, limit int) ([]DueDeletion, error) {
	return workList[DueDeletion](ctx, w, "workspaces to be deleted", sqlDeletable, moment, limit)
}

const sqlNextDeadline = `
select least(
	(select min(expires_at) from views.invitations where status = 'pending' and expires_at > $1),
	(select min(delete_at) from views.workspaces where delete_at > $1)
) as at`

// NextDeadline is the first moment after the given one at which an invitation
// expires or a workspace is to be deleted; zero if there is none.
func (w *Work) NextDeadline(ctx context.Context, after time.Time) (time.Time, error) {
	type deadline struct {
		At time.Time `db:"at"`
	}
	found, err := workOne[deadline](ctx, w, "next deadline", sqlNextDeadline, after)
	return found.At, err
}

const sqlUnnamed = `
select v.id as connection_id
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as v (id, account_id, holder_id)
left join views.connections as c on c.account_id = v.account_id and c.holder_id = v.holder_id
where c.connection_id is distinct from v.id
and (c.since is null or c.since < $4)`

// NotNamed keeps of some stored connections those that the views do not name now.
func (w *Work) NotNamed(ctx context.Context, stored []HeldConnection) ([]domain.ConnectionID, error) {
	unnamed, err := w.Unnamed(ctx, stored, time.Now().Add(time.Hour)) // whenever they were named last
	var ids []domain.ConnectionID
	for _, c := range stored {
		if unnamed[c.Connection] {
			ids = append(ids, c.Connection)
		}
	}
	return ids, err
}

const sqlMissing = `
select c.connection_id
from views.connections as c
where c.connection_id is not null
and not exists (
	select
	from vault.connections as v
	where v.id = c.connection_id
)
order by c.connection_id`

// Missing lists connections that the log names and the vault does not have. Where
// somebody is not connected, or not any more, it names none.
func (w *Work) Missing(ctx context.Context) ([]domain.ConnectionID, error) {
	type missing struct {
		Connection domain.ConnectionID `db:"connection_id"`
	}
	found, err := workList[missing](ctx, w, "connections that are not there", sqlMissing)
	ids := make([]domain.ConnectionID, len(found))
	for i, one := range found {
		ids[i] = one.Connection
	}
	return ids, err
}

// Unnamed keeps of some stored connections those that the views have not named
// since a moment: they were never connected, or were replaced or destroyed before.
func (w *Work) Unnamed(ctx context.Context, stored []HeldConnection, since time.Time) (map[domain.ConnectionID]bool, error) {
	var ids, accounts, holders []pgtype.UUID
	for _, c := range stored {
		ids, accounts, holders = append(ids, rows.UUID(c.Connection)), append(accounts, rows.UUID(c.Account)), append(holders, rows.UUID(c.Holder))
	}
	type unnamed struct {
		Connection domain.ConnectionID `db:"connection_id"`
	}
	found, err := workList[unnamed](ctx, w, "connections that nothing names", sqlUnnamed, ids, accounts, holders, since)
	missing := make(map[domain.ConnectionID]bool, len(found))
	for _, one := range found {
		missing[one.Connection] = true
	}
	return missing, err
}
