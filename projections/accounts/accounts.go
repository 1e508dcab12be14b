// Package accounts keeps the social accounts of the workspaces, and who is
// connected to each.
package accounts

import (
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/view"
)

// View is the view accounts. Adding an account and connecting it are told by two
// streams, so the two tables do not depend on each other.
var View = view.View{
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
// paused, see membership.Members, and there is no such row here.
func accountPausing(id domain.AccountID, paused bool) []rows.Change {
	return []rows.Change{accounts.Patch(rows.Values{"account_id": id}, rows.Values{"paused": paused})}
}
