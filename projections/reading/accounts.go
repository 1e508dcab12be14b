package reading

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

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
	a.client_approval` + accountsAsked

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
	select a.account_id` + accountsAsked + `
)
order by c.account_id, c.holder_id`

const accountsAsked = `
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

var accountsViews = []projections.View{projections.Accounts, projections.Members, projections.People}

// AccountPage says which accounts are asked for.
type AccountPage struct {
	SeenBy  domain.UserID // only those that this member sees (R27); zero: all
	Network string        // empty: any
	After   *NameKey      // nil: from the first on
	Limit   int           // 0: all
}

// Accounts lists the accounts of the scope's workspace by name.
func (r *Reader) Accounts(ctx context.Context, scope eventstore.Scope, atLeast int64, page AccountPage) (Answer[[]Account], error) {
	return List(ctx, r, scope, atLeast, accountsViews, func(batch *pgx.Batch, into *[]Account) {
		PlanEach(batch)
		askAccounts(batch, into, scope.Workspace, domain.AccountID{}, page)
	})
}

// Account answers one account of the scope's workspace, or ErrNotFound, also
// when seenBy is not zero and may not see it.
func (r *Reader) Account(ctx context.Context, scope eventstore.Scope, atLeast int64, id domain.AccountID, seenBy domain.UserID) (Answer[Account], error) {
	return One(ctx, r, scope, atLeast, accountsViews, func(batch *pgx.Batch, into *[]Account) {
		PlanEach(batch)
		if !id.IsZero() {
			askAccounts(batch, into, scope.Workspace, id, AccountPage{SeenBy: seenBy})
		}
	})
}

func askAccounts(batch *pgx.Batch, into *[]Account, ws domain.WorkspaceID, id domain.AccountID, page AccountPage) {
	parameters := []any{rows.UUID(ws), rows.UUID(id), rows.UUID(page.SeenBy), rows.Word(page.Network), nil, nil, rows.AtMost(page.Limit)}
	parameters[4], parameters[5] = page.After.parameters()
	rows.Queue(batch, into, sqlAccounts, parameters...)
	rows.QueueEach(batch, sqlConnections, parameters, func(connection *Connection) {
		for i := range *into {
			if (*into)[i].ID == connection.Account {
				(*into)[i].Connections = append((*into)[i].Connections, *connection)
			}
		}
	})
}
