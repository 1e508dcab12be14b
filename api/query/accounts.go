package query

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/page"
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/projections/reading"
)

func (d *Desk) mountAccounts(api huma.API) {
	const seen = "The Owner sees every account; everybody else those that are assigned to them or that they connected (R27)."
	inside(d, api, "accounts", "/v1/workspaces/{workspace}/accounts", "The social accounts of a workspace.", seen, d.accounts)
	inside(d, api, "account", "/v1/workspaces/{workspace}/accounts/{account}", "One social account.", seen, d.account)
}

// Account is a social account with the connections to it.
type Account struct {
	ID            domain.AccountID `json:"id" doc:"The account's id."`
	Network       string           `json:"network" doc:"Where it is."`
	Remote        string           `json:"remote" doc:"The network's own id of it."`
	Name          string           `json:"name" doc:"What it is called."`
	URL           string           `json:"url,omitempty" doc:"Where people see it."`
	AddedBy       domain.UserID    `json:"added_by" doc:"Who added it."`
	AddedAt       time.Time        `json:"added_at" doc:"When."`
	HasIdentities bool             `json:"has_identities" doc:"Whether the network knows a posting identity (R40)."`
	ByHand        bool             `json:"by_hand,omitempty" doc:"Whether people post there by hand, so that no connection is needed."`
	Connections   []Connection     `json:"connections" doc:"By holder. Owner and Admins see all, everybody else the Owner's and their own."`
}

// Connection is one holder's authorization for an account; what it holds is in no answer (R41).
type Connection struct {
	Holder   domain.UserID           `json:"holder" doc:"Whose it is, and who alone mends it."`
	Name     string                  `json:"name,omitempty" doc:"What people call the holder."`
	State    account.ConnectionState `json:"state" enum:"active,needs_reauthentication,revoked,missing" doc:"Whether it can be used."`
	Identity string                  `json:"identity,omitempty" doc:"Posting identity, where the network has one."`
	Since    time.Time               `json:"since,omitzero" doc:"Since when it is in this state."`
	Code     string                  `json:"code,omitempty" doc:"Why it cannot be used, for machines."`
	Detail   string                  `json:"detail,omitempty" doc:"The same for people."`
}

type accountsInput struct {
	In
	Pages
	Network string `query:"network" maxLength:"50" doc:"Only accounts on this network."`
}

type accountsOutput struct {
	Body struct {
		Reached
		Accounts []Account `json:"accounts" doc:"By name."`
		page.Out
	} `nameHint:"Accounts"`
}

func (d *Desk) accounts(ctx context.Context, admission access.Admission, views *reading.Reader, input *accountsInput) (*accountsOutput, error) {
	list := page.List{"accounts", admission.ID, admission.Member.User, input.Network}
	after, err := page.After[reading.NameKey](input.Pages, list)
	if err != nil {
		return nil, err
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[[]reading.Account], error) {
		return views.Accounts(ctx, admission.Scope(), input.Position, reading.AccountPage{
			SeenBy: seenBy(admission), Network: input.Network, After: after, Limit: input.Limit + 1,
		})
	})
	if err != nil {
		return nil, err
	}
	output := &accountsOutput{}
	output.Body.Reached = reached
	found, output.Body.Out, err = page.Cut(input.Pages, list, found, func(a reading.Account) reading.NameKey {
		return reading.NameKey{Name: a.Name, ID: a.ID}
	})
	output.Body.Accounts = make([]Account, len(found))
	for i, a := range found {
		output.Body.Accounts[i] = accountOf(admission, a)
	}
	return output, err
}

type accountInput struct {
	In
	Account string `path:"account" doc:"The account."`
}

type accountOutput struct {
	Body struct {
		Reached
		Account
	} `nameHint:"OneAccount"`
}

func (d *Desk) account(ctx context.Context, admission access.Admission, views *reading.Reader, input *accountInput) (*accountOutput, error) {
	var id domain.AccountID
	if err := id.UnmarshalText([]byte(input.Account)); err != nil {
		return nil, domain.Hidden()
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[reading.Account], error) {
		return views.Account(ctx, admission.Scope(), input.Position, id, seenBy(admission))
	})
	if err != nil {
		return nil, err
	}
	output := &accountOutput{}
	output.Body.Reached, output.Body.Account = reached, accountOf(admission, found)
	return output, nil
}

// seenBy is whose eyes a view is asked with: the Owner's see everything.
func seenBy(admission access.Admission) domain.UserID {
	if admission.Member.Role == workspace.Owner {
		return domain.UserID{}
	}
	return admission.Member.User
}

func accountOf(admission access.Admission, a reading.Account) Account {
	shown := Account{
		ID: a.ID, Network: a.Network, Remote: a.Remote, Name: a.Name, URL: a.URL, AddedBy: a.AddedBy, AddedAt: a.AddedAt,
		HasIdentities: a.HasIdentities, ByHand: a.ByHand, Connections: []Connection{},
	}
	for _, c := range a.Connections {
		mine := c.Holder == admission.Member.User || c.Holder == admission.Workspace.Owner
		if mine || admission.Manages() {
			shown.Connections = append(shown.Connections, Connection{
				Holder: c.Holder, Name: c.HolderName.Reveal(), State: c.State, Identity: c.Identity, Since: c.Since,
				Code: c.OutageCode, Detail: c.OutageDetail,
			})
		}
	}
	return shown
}
