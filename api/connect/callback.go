package connect

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/internal/networks"
	"behalf/internal/vault"
)

// finishInput takes the query whole: which parameters come back is the network's matter.
type finishInput struct {
	State string `query:"state" doc:"As it was in authorize_url."`
	Code  string `query:"code" doc:"The network's answer when it is yes."`
	Error string `query:"error" doc:"The network's answer when it is no."`

	query url.Values
}

// Resolve implements huma.Resolver.
func (i *finishInput) Resolve(ctx huma.Context) []error {
	address := ctx.URL()
	i.query = address.Query()
	return nil
}

type finishOutput struct {
	Body Finished
}

// Finished is an authorization that waits for a choice.
type Finished struct {
	Authorization vault.GrantID      `json:"authorization" doc:"Name it in ConnectAccount, once, within ten minutes."`
	Workspace     domain.WorkspaceID `json:"workspace" doc:"The workspace that it was begun in."`
	Network       string             `json:"network" doc:"The network's name."`
	Accounts      []Choice           `json:"accounts" doc:"What the network lists, and which of the workspace's accounts it does not."`
}

// Choice is one account on the network.
type Choice struct {
	Remote  string           `json:"remote" doc:"The network's id of it; name it in ConnectAccount."`
	Name    string           `json:"name" doc:"What it is called there."`
	MayPost bool             `json:"may_post" doc:"Whether the network lists it as one that you may post to. It is asked again when connecting (R37)."`
	Account domain.AccountID `json:"account,omitzero" doc:"Its id in the workspace, if it is held already."`
}

func (d *Desk) finish(ctx context.Context, input *finishInput) (*finishOutput, error) {
	principal := signin.From(ctx)
	begun, secret, err := d.Vault.TakeAuthorization(ctx, input.State, principal.Credential[:])
	if err != nil {
		return nil, unknownAuthorization(err)
	}
	admission, err := d.Door.Admit(ctx, begun.Workspace.String())
	if err != nil {
		return nil, err
	}
	connector, err := d.Networks.Connector(begun.Network)
	if err != nil {
		return nil, err
	}
	pending, err := networks.OpenPending(secret.Reveal())
	if err != nil {
		return nil, err
	}
	credential, err := connector.Exchange(ctx, networks.Callback{Query: input.query, Pending: pending})
	if err != nil {
		return nil, refusedAuthorization(err)
	}
	listed, err := connector.Accounts(ctx, credential)
	if err != nil {
		return nil, refusedAuthorization(err)
	}
	sealed, err := credential.Seal()
	if err != nil {
		return nil, err
	}
	grant, err := d.Vault.StoreGrant(ctx, vault.Grant{
		Workspace: begun.Workspace, User: principal.User, Network: begun.Network,
	}, vault.NewSecret(sealed))
	if err != nil {
		return nil, err
	}
	return &finishOutput{Body: Finished{
		Authorization: grant, Workspace: begun.Workspace, Network: begun.Network,
		Accounts: choices(admission, begun.Network, listed),
	}}, nil
}

// choices are the network's accounts, and after them those that the member has
// in the workspace and the network did not list.
func choices(admission access.Admission, network string, listed []networks.Account) []Choice {
	all := make([]Choice, 0, len(listed))
	for _, account := range listed {
		held, _ := admission.Workspace.AccountOf(network, account.RemoteID)
		all = append(all, Choice{Remote: account.RemoteID, Name: account.Name, MayPost: true, Account: held})
	}
	for id, account := range admission.Workspace.Accounts {
		unlisted := !slices.ContainsFunc(listed, func(l networks.Account) bool { return l.RemoteID == account.Remote })
		if account.Network == network && unlisted && admission.Member.Holds(id) {
			all = append(all, Choice{Remote: account.Remote, Name: account.Name, Account: id})
		}
	}
	slices.SortStableFunc(all[len(listed):], func(a, b Choice) int { return cmp.Compare(a.Remote, b.Remote) })
	return all
}

// refusedAuthorization says in plain words what the network answered about the
// person. What else went wrong stays what it is.
func refusedAuthorization(err error) error {
	switch networks.KindOf(err) {
	case networks.Denied:
		return refusal(http.StatusForbidden, "authorization_denied", err)
	case networks.Reauth, networks.Rejected, networks.NoPermission:
		return refusal(http.StatusConflict, "authorization_failed", err)
	default:
		return err
	}
}

func refusal(status int, code string, err error) error {
	return problem.New(status, code, detailOf(err))
}
