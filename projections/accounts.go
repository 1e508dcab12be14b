package projections

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
)

// Accounts are the social accounts of the workspaces, and who is connected to
// each. Adding an account and connecting it are told by two streams, so the
// two tables do not depend on each other.
var Accounts = View{
	Name: "accounts", Version: 5, Tables: accountsTables, Indexes: accountsIndexes, Access: accountsAccess,
	Types: view.Types(
		workspace.AccountAdded{}, workspace.AccountRemoved{}, workspace.ClientApprovalChanged{},
		workspace.PublishingPaused{}, workspace.PublishingResumed{},
		account.Connected{}, account.ReauthenticationNeeded{}, account.HolderReminded{}, account.PostingIdentityChanged{},
		account.Disconnected{}, account.ConnectionDestroyed{},
	),
	Handle: handleAccounts,
}

const accountsTables = `
create table accounts (
	account_id uuid primary key,
	workspace_id uuid not null,
	network text not null,
	remote text not null,
	name text not null,
	url text not null,
	added_by uuid not null,
	has_identities boolean not null,
	by_hand boolean not null,
	added_at timestamptz not null,
	paused boolean not null,
	client_approval text not null
);
create table connections (
	account_id uuid not null,
	holder_id uuid not null,
	workspace_id uuid not null,
	connection_id uuid,
	state text not null,
	identity text not null,
	since timestamptz not null,
	outage_code text not null,
	outage_detail text not null,
	outage_event uuid,
	outage_position bigint not null,
	reminded integer not null,
	position bigint not null,
	primary key (account_id, holder_id)
)`

const accountsIndexes = `
create index accounts_by_workspace on accounts (workspace_id, name, account_id);
create index connections_by_workspace on connections (workspace_id);
create index connections_out on connections (since) where outage_event is not null;
create index connections_revoked on connections (account_id) where state = 'revoked'`

// visible_accounts says who sees which account (R27): the Owner all of them
// (R2), a member those that are assigned to them or that they connected.
const accountsAccess = `
create policy api on accounts for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
);
create policy api on connections for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
);
create view visible_accounts with (security_invoker = true) as
select w.workspace_id, w.owner_id as user_id, a.account_id
from views.workspaces as w
join accounts as a on a.workspace_id = w.workspace_id
union all
select workspace_id, user_id, account_id
from views.assignments
union all
select c.workspace_id, c.holder_id, c.account_id
from connections as c
join views.members as m on m.workspace_id = c.workspace_id and m.user_id = c.holder_id
where c.connection_id is not null`

type accountRow struct {
	Account       domain.AccountID         `db:"account_id"`
	Workspace     domain.WorkspaceID       `db:"workspace_id"`
	Network       string                   `db:"network"`
	Remote        string                   `db:"remote"`
	Name          string                   `db:"name"`
	URL           string                   `db:"url"`
	AddedBy       domain.UserID            `db:"added_by"`
	HasIdentities bool                     `db:"has_identities"`
	ByHand        bool                     `db:"by_hand"`
	AddedAt       time.Time                `db:"added_at"`
	Paused        bool                     `db:"paused"`
	Approval      workspace.ClientApproval `db:"client_approval"`
}

var (
	accounts    = rows.NewTable[accountRow]("accounts", "account_id")
	connections = rows.NewTable[connectionRow]("connections", "account_id", "holder_id")
)

func handleAccounts(recorded eventstore.Recorded) []rows.Change {
	switch e := recorded.Event.(type) {
	case workspace.AccountAdded:
		return []rows.Change{accounts.Put(accountRow{
			Account: e.Account, Workspace: recorded.Workspace, Network: e.Network, Remote: e.Remote, Name: e.Name, URL: e.URL,
			AddedBy: e.AddedBy, HasIdentities: e.HasIdentities, ByHand: e.IsByHand(), AddedAt: recorded.RecordedAt, Approval: workspace.AnyClient,
		})}
	case account.Connected:
		return []rows.Change{connections.Put(connectionRow{
			Account: recorded.Stream.ID, Holder: e.Holder, Workspace: recorded.Workspace,
			Connection: e.Connection, State: account.Active, Identity: e.Identity, Since: recorded.RecordedAt,
			Position: recorded.Position,
		})}
	case account.ReauthenticationNeeded:
		return []rows.Change{outage(recorded, e)}
	case account.HolderReminded, account.PostingIdentityChanged, account.Disconnected:
		return changedConnection(recorded)
	case account.ConnectionDestroyed:
		if e.Disconnected { // its holder need not be asked for another one
			return []rows.Change{disconnected(recorded, e.Holder)}
		}
		return []rows.Change{connections.Delete(rows.Values{"account_id": domain.AccountID(recorded.Stream.ID), "holder_id": e.Holder})}
	case workspace.AccountRemoved:
		return []rows.Change{accounts.Delete(rows.Values{"account_id": e.Account})}
	case workspace.ClientApprovalChanged:
		return []rows.Change{accounts.Patch(rows.Values{"account_id": e.Account}, rows.Values{"client_approval": e.To})}
	case workspace.PublishingPaused:
		return accountPausing(e.Account, true)
	case workspace.PublishingResumed:
		return accountPausing(e.Account, false)
	}
	return nil
}

// accountPausing is of one account. Where none is named, the whole workspace is
// paused, see Members, and there is no such row here.
func accountPausing(id domain.AccountID, paused bool) []rows.Change {
	return []rows.Change{accounts.Patch(rows.Values{"account_id": id}, rows.Values{"paused": paused})}
}

// Account is a social account with everybody's connections to it.
type Account struct {
	ID            domain.AccountID         `db:"account_id"`
	Network       string                   `db:"network"`
	Remote        string                   `db:"remote"`
	Name          string                   `db:"name"`
	URL           string                   `db:"url"` // where people see it; may be empty
	AddedBy       domain.UserID            `db:"added_by"`
	HasIdentities bool                     `db:"has_identities"`
	ByHand        bool                     `db:"by_hand"` // people post there, without any connection
	AddedAt       time.Time                `db:"added_at"`
	Paused        bool                     `db:"paused"`          // nothing is sent to it (R68)
	Approval      workspace.ClientApproval `db:"client_approval"` // R51
	Connections   []Connection             // by holder
}

// Connection is one holder's connection, or the lack of one that they were told of.
type Connection struct {
	Account      domain.AccountID        `db:"account_id"`
	Holder       domain.UserID           `db:"holder_id"`
	HolderName   personal.Text           `db:"holder_name"`
	ID           domain.ConnectionID     `db:"connection_id"` // zero in state missing
	State        account.ConnectionState `db:"state"`
	Identity     string                  `db:"identity"`
	Since        time.Time               `db:"since"`       // when it got into this state
	OutageCode   string                  `db:"outage_code"` // the network's word, empty while it works
	OutageDetail string                  `db:"outage_detail"`
	Reminded     int                     `db:"reminded"` // of how many days; 0: not yet
}

const sqlAccounts = `
select
	a.account_id,
	a.network,
	a.remote,
	a.name,
	a.url,
	a.added_by,
	a.has_identities,
	a.by_hand,
	a.added_at,
	a.paused,
	a.client_approval
from views.accounts as a
where a.workspace_id = $1
and ($2::uuid is null or a.account_id = $2)
and ($3::uuid is null or exists (
	select
	from views.visible_accounts as v
	where v.workspace_id = a.workspace_id
	and v.user_id = $3
	and v.account_id = a.account_id
))
and ($4::text is null or a.network = $4)
and ($5::text is null or (a.name, a.account_id) > ($5, $6::uuid))
order by a.name, a.account_id
limit $7`

// The connections to the very accounts that the query above answers.
const sqlConnections = `
select
	c.account_id,
	c.holder_id,
	p.name as holder_name,
	c.connection_id,
	c.state,
	c.identity,
	c.since,
	c.outage_code,
	c.outage_detail,
	c.reminded
from views.connections as c
left join views.people as p on p.user_id = c.holder_id
where c.workspace_id = $1
and c.account_id in (
	select a.account_id
	from views.accounts as a
	where a.workspace_id = $1
	and ($2::uuid is null or a.account_id = $2)
	and ($3::uuid is null or exists (
		select
		from views.visible_accounts as v
		where v.workspace_id = a.workspace_id
		and v.user_id = $3
		and v.account_id = a.account_id
	))
	and ($4::text is null or a.network = $4)
	and ($5::text is null or (a.name, a.account_id) > ($5, $6::uuid))
	order by a.name, a.account_id
	limit $7
)
order by c.account_id, c.holder_id`

var accountsViews = []View{Accounts, Members, People}

// AccountPage says which accounts are asked for.
type AccountPage struct {
	SeenBy  domain.UserID // only those that this member sees (R27); zero: all
	Network string        // empty: any
	After   *NameKey      // nil: from the first on
	Limit   int           // 0: all
}

// Accounts lists the accounts of the scope's workspace by name.
func (r *Reader) Accounts(ctx context.Context, scope eventstore.Scope, atLeast int64, page AccountPage) (Answer[[]Account], error) {
	return list(ctx, r, scope, atLeast, accountsViews, func(batch *pgx.Batch, into *[]Account) {
		batch.Queue(sqlPlanEach)
		askAccounts(batch, into, scope.Workspace, domain.AccountID{}, page)
	})
}

// Account answers one account of the scope's workspace, or ErrNotFound, also
// when seenBy is not zero and may not see it.
func (r *Reader) Account(ctx context.Context, scope eventstore.Scope, atLeast int64, id domain.AccountID, seenBy domain.UserID) (Answer[Account], error) {
	return one(ctx, r, scope, atLeast, accountsViews, func(batch *pgx.Batch, into *[]Account) {
		batch.Queue(sqlPlanEach)
		if !id.IsZero() {
			askAccounts(batch, into, scope.Workspace, id, AccountPage{SeenBy: seenBy})
		}
	})
}

func askAccounts(batch *pgx.Batch, into *[]Account, ws domain.WorkspaceID, id domain.AccountID, page AccountPage) {
	parameters := []any{rows.UUID(ws), rows.UUID(id), rows.UUID(page.SeenBy), word(page.Network), nil, nil, atMost(page.Limit)}
	parameters[4], parameters[5] = page.After.parameters()
	queue(batch, into, sqlAccounts, parameters...)
	queueEach(batch, sqlConnections, parameters, func(connection *Connection) {
		for i := range *into {
			if (*into)[i].ID == connection.Account {
				(*into)[i].Connections = append((*into)[i].Connections, *connection)
			}
		}
	})
}
