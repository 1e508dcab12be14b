// Package health shows how the connections of a workspace are: each one's
// state, when it expires, was used, refreshed and checked, who mends it, and
// when the version of the network's interface ends that it depends on. It also
// lists what a connection may post as.
package health

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/command"
	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/vault"
	"behalf/projections/reading"
)

// Desk answers.
type Desk struct {
	Door     *access.Door
	Store    *eventstore.Store
	Views    *reading.Reader
	Vault    *vault.Vault // under the API's role: it shows no secret
	Networks networks.Registry
	Persons  personal.Opener
	Now      func() time.Time
}

// Mount adds the operations.
func (d *Desk) Mount(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "connections", Method: http.MethodGet, Path: "/v1/workspaces/{workspace}/connections",
		Summary: "How the connections of a workspace are.", Tags: []string{"Queries"},
		Description: "Of every account that you see. The Owner and Admins see everybody's connections there, everybody else the Owner's and their own.",
	}, d.connections)
	problem.Handler(api, huma.Operation{
		OperationID: "identities", Method: http.MethodGet, Path: "/v1/workspaces/{workspace}/accounts/{account}/identities",
		Summary: "What your own connection to an account may post as.", Tags: []string{"Queries"},
		Description: "As the network last said: when you connected, or at the daily check. Choose one with ChangePostingIdentity (R36, R39, R40).",
	}, d.identities)
}

// Connection is how one holder's connection to one account is.
type Connection struct {
	Account     domain.AccountID        `json:"account" doc:"Where to."`
	Name        string                  `json:"name" doc:"What the account is called."`
	Network     string                  `json:"network" doc:"Where the account is."`
	Holder      domain.UserID           `json:"holder" doc:"Whose it is, and who alone mends it (R35, R38)."`
	HolderName  string                  `json:"holder_name,omitempty" doc:"What people call the holder."`
	State       account.ConnectionState `json:"state" enum:"active,needs_reauthentication,revoked,missing" doc:"Whether it can be used."`
	Since       time.Time               `json:"since" doc:"Since when it is in this state."`
	Code        string                  `json:"code,omitempty" doc:"Why it cannot be used, for machines."`
	Detail      string                  `json:"detail,omitempty" doc:"The same for people."`
	Reminded    int                     `json:"reminded,omitempty" doc:"After how many days the holder was last reminded to mend it."`
	Identity    string                  `json:"identity,omitempty" doc:"Whom posts appear as, where that is not the account."`
	Offered     *bool                   `json:"identity_offered,omitempty" doc:"Whether the network still offers this identity, by the last check."`
	ExpiresAt   time.Time               `json:"expires_at,omitzero" doc:"When what is stored expires; absent for never."`
	Refreshable bool                    `json:"refreshes_itself,omitempty" doc:"Whether it is renewed before that without its holder."`
	ExpiresSoon bool                    `json:"expires_soon,omitempty" doc:"Whether it runs out soon and its holder alone can renew it, by connecting again: they were told, or are within minutes."`
	UsedAt      time.Time               `json:"used_at,omitzero" doc:"When something was last published through it."`
	RefreshedAt time.Time               `json:"refreshed_at,omitzero" doc:"When it was last renewed."`
	CheckedAt   time.Time               `json:"checked_at,omitzero" doc:"When the network last said that it may post."`
	API         *API                    `json:"api,omitempty" doc:"The version of the network's interface that it depends on."`
}

// API is a version of a network's interface.
type API struct {
	Version string    `json:"version" doc:"As the network calls it."`
	Retires time.Time `json:"retires,omitzero" doc:"When the network ends it: by then this installation has to be updated."`
}

type connectionsInput struct {
	Workspace string `path:"workspace" doc:"The workspace."`
}

type connectionsOutput struct {
	Body struct {
		Connections []Connection `json:"connections" doc:"By account and holder."`
	} `nameHint:"Connections"`
}

func (d *Desk) connections(ctx context.Context, input *connectionsInput) (*connectionsOutput, error) {
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err != nil {
		return nil, err
	}
	page := reading.AccountPage{}
	if admission.Member.Role != workspace.Owner {
		page.SeenBy = admission.Member.User
	}
	found, err := d.Views.Accounts(ctx, admission.Scope(), 0, page)
	if err != nil {
		return nil, err
	}
	if err := personal.OpenAll(ctx, d.Persons, &found.Value); err != nil {
		return nil, err
	}
	cares, err := d.Vault.Cares(ctx, admission.ID)
	if err != nil {
		return nil, err
	}
	output := &connectionsOutput{}
	output.Body.Connections = []Connection{}
	for _, a := range found.Value {
		for _, c := range a.Connections {
			mine := c.Holder == admission.Member.User || c.Holder == admission.Workspace.Owner
			if mine || admission.Manages() {
				output.Body.Connections = append(output.Body.Connections, d.shown(a, c, cares[c.ID]))
			}
		}
	}
	return output, nil
}

func (d *Desk) shown(a reading.Account, c reading.Connection, care vault.Care) Connection {
	shown := Connection{
		Account: a.ID, Name: a.Name, Network: a.Network, Holder: c.Holder, HolderName: c.HolderName.Reveal(),
		State: c.State, Since: c.Since, Code: c.OutageCode, Detail: c.OutageDetail, Reminded: c.Reminded, Identity: c.Identity,
		ExpiresAt: care.ExpiresAt, Refreshable: care.Refreshable,
		UsedAt: care.UsedAt, RefreshedAt: care.RefreshedAt, CheckedAt: care.CheckedAt,
	}
	shown.ExpiresSoon = c.State == account.Active && !care.RenewFrom.IsZero() && !d.Now().Before(care.RenewFrom)
	if c.Identity != "" && !care.CheckedAt.IsZero() {
		offered := offers(care, c.Identity)
		shown.Offered = &offered
	}
	if connector, err := d.Networks.Connector(a.Network); err == nil {
		if version := connector.Capabilities().API; version.Version != "" {
			shown.API = &API{Version: version.Version, Retires: version.Retires}
		}
	}
	return shown
}

func offers(care vault.Care, identity string) bool {
	for _, one := range care.Offered {
		if one.RemoteID == identity {
			return true
		}
	}
	return false
}

// Identity is what a connection may post as.
type Identity struct {
	ID     string `json:"id" doc:"Name it in ChangePostingIdentity, or in a post."`
	Name   string `json:"name" doc:"What it is called there."`
	Chosen bool   `json:"chosen,omitempty" doc:"Whether posts appear as it, unless they say otherwise."`
}

type identitiesInput struct {
	Workspace string `path:"workspace" doc:"The workspace."`
	Account   string `path:"account" doc:"The account."`
}

type identitiesOutput struct {
	Body struct {
		Identities []Identity `json:"identities" doc:"Besides the account itself; none where the network has no such thing."`
		CheckedAt  time.Time  `json:"checked_at,omitzero" doc:"When the network said so."`
	} `nameHint:"Identities"`
}

func (d *Desk) identities(ctx context.Context, input *identitiesInput) (*identitiesOutput, error) {
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err != nil {
		return nil, err
	}
	var id domain.AccountID
	if err := id.UnmarshalText([]byte(input.Account)); err != nil {
		return nil, domain.Hidden()
	}
	if _, held := admission.Workspace.Accounts[id]; !held {
		return nil, domain.Hidden()
	}
	own, err := d.own(ctx, admission.Scope(), id)
	if err != nil {
		return nil, err
	}
	if own.State == account.Missing { // an account that one is not connected to may be one that one does not see
		return nil, domain.Hidden()
	}
	cares, err := d.Vault.Cares(ctx, admission.ID, own.ID)
	if err != nil {
		return nil, err
	}
	output := &identitiesOutput{}
	output.Body.Identities, output.Body.CheckedAt = []Identity{}, cares[own.ID].CheckedAt
	for _, one := range cares[own.ID].Offered {
		output.Body.Identities = append(output.Body.Identities, Identity{ID: one.RemoteID, Name: one.Name, Chosen: one.RemoteID == own.Identity})
	}
	return output, nil
}

// own is the acting user's connection to an account, by the log.
func (d *Desk) own(ctx context.Context, scope eventstore.Scope, id domain.AccountID) (account.Connection, error) {
	stream := account.Stream(id)
	loaded, err := d.Store.Load(ctx, scope, stream)
	if err != nil {
		return account.Connection{}, err
	}
	return domain.Fact[*account.Account](loaded.Facts, stream).ConnectionOf(scope.User), nil
}

// Preparer makes ChangePostingIdentity ready: it finds what the network offers
// the connection.
func (d *Desk) Preparer() command.Preparer {
	return command.Preparer{Prepare: func(ctx context.Context, order *command.Order) error {
		change := order.Command.(*account.ChangePostingIdentity)
		if _, held := order.Admission.Workspace.Accounts[change.Account]; !held {
			return domain.Hidden()
		}
		own, err := d.own(ctx, order.Admission.Scope(), change.Account)
		if err != nil || own.ID.IsZero() {
			return err
		}
		cares, err := d.Vault.Cares(ctx, order.Workspace, own.ID)
		for _, one := range cares[own.ID].Offered {
			change.Offered = append(change.Offered, one.RemoteID)
		}
		return err
	}}
}
