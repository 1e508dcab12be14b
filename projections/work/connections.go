package work

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5/pgtype"
)

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
func (r *Reader) Abandoned(ctx context.Context, limit int) ([]HeldConnection, error) {
	return list[HeldConnection](ctx, r, "connections of those who have gone", sqlAbandoned, limit)
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
func (r *Reader) OwnerUnconnected(ctx context.Context, limit int) ([]Unconnected, error) {
	return list[Unconnected](ctx, r, "accounts without the Owner's connection", sqlUnconnected, limit)
}

const sqlUnnamed = `
select v.id as connection_id
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as v (id, account_id, holder_id)
left join views.connections as c on c.account_id = v.account_id and c.holder_id = v.holder_id
where c.connection_id is distinct from v.id
and (c.since is null or c.since < $4)`

// NotNamed keeps of some stored connections those that the views do not name now.
func (r *Reader) NotNamed(ctx context.Context, stored []HeldConnection) ([]domain.ConnectionID, error) {
	unnamed, err := r.Unnamed(ctx, stored, time.Now().Add(time.Hour)) // whenever they were named last
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
func (r *Reader) Missing(ctx context.Context) ([]domain.ConnectionID, error) {
	type missing struct {
		Connection domain.ConnectionID `db:"connection_id"`
	}
	found, err := list[missing](ctx, r, "connections that are not there", sqlMissing)
	ids := make([]domain.ConnectionID, len(found))
	for i, one := range found {
		ids[i] = one.Connection
	}
	return ids, err
}

// Unnamed keeps of some stored connections those that the views have not named
// since a moment: they were never connected, or were replaced or destroyed before.
func (r *Reader) Unnamed(ctx context.Context, stored []HeldConnection, since time.Time) (map[domain.ConnectionID]bool, error) {
	var ids, accounts, holders []pgtype.UUID
	for _, c := range stored {
		ids, accounts, holders = append(ids, rows.UUID(c.Connection)), append(accounts, rows.UUID(c.Account)), append(holders, rows.UUID(c.Holder))
	}
	type unnamed struct {
		Connection domain.ConnectionID `db:"connection_id"`
	}
	found, err := list[unnamed](ctx, r, "connections that nothing names", sqlUnnamed, ids, accounts, holders, since)
	missing := make(map[domain.ConnectionID]bool, len(found))
	for _, one := range found {
		missing[one.Connection] = true
	}
	return missing, err
}
