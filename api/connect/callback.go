package connect

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/internal/networks"
	"behalf/internal/vault"
)

// Return is a browser that a network sends back. The query is taken whole: which parameters come back is the network's matter.
type Return struct {
	Network string `path:"network" maxLength:"50" doc:"The network's name."`
	State   string `query:"state" doc:"As it was in authorize_url."`
	Code    string `query:"code" doc:"The network's answer when it is yes."`
	Error   string `query:"error" doc:"The network's answer when it is no."`
	Issuer  string `query:"iss" doc:"Who answers, where the network says so (RFC 9207)."`

	query url.Values
	at    string // what of the path follows callbackPath
}

// Resolve implements huma.Resolver.
func (i *Return) Resolve(ctx huma.Context) []error {
	address := ctx.URL()
	i.query, i.at = address.Query(), strings.TrimPrefix(address.Path, callbackPath)
	return nil
}

// finishAtInput comes from one of many servers of a network.
type finishAtInput struct {
	Return
	Server string `path:"server" maxLength:"64" doc:"Which of the network's servers, as it stands in the redirect URI."`
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
	URL     string           `json:"url,omitempty" doc:"Where people see it."`
	MayPost bool             `json:"may_post" doc:"Whether the network lists it as one that you may post to. It is asked again when connecting (R37)."`
	Account domain.AccountID `json:"account,omitzero" doc:"Its id in the workspace, if it is held already."`

	Identities []Identity `json:"identities,omitempty" doc:"What posts may appear as instead of the account, where the network has that (R40)."`
}

// Identity is a posting identity.
type Identity struct {
	ID   string `json:"id" doc:"The network's id of it; name it in ConnectAccount or ChangePostingIdentity."`
	Name string `json:"name" doc:"What it is called there."`
}

func (d *Desk) finish(ctx context.Context, input *Return) (*finishOutput, error) {
	back, err := d.take(ctx, input.State)
	if err != nil {
		return nil, err
	}
	pending, err := networks.OpenPending(back.kept.Pending)
	if err != nil {
		return nil, err
	}
	// Servers that people name are trusted with nothing: each sends the browser to
	// an address of its own (RFC 9700, section 4.4.2.2).
	elsewhere := !strings.HasSuffix(pending.RedirectURI, callbackPath+input.at)
	if elsewhere || back.Network != input.Network || back.kept.asksByForm() || !back.kept.issuedBy(input.Issuer) {
		return nil, problem.New(http.StatusConflict, "authorization_failed", "This answer comes from elsewhere than where you were sent. Begin a new one.")
	}
	return d.complete(ctx, back, networks.Callback{Query: input.query})
}

// taken is an authorization that came back: nobody can bring it back again.
type taken struct {
	vault.Authorization
	kept      kept
	admission access.Admission
}

// take finds what this very session began with this state.
func (d *Desk) take(ctx context.Context, state string) (back taken, err error) {
	principal := signin.From(ctx)
	var secret vault.Secret
	if back.Authorization, secret, err = d.Vault.TakeAuthorization(ctx, state, principal.Credential[:]); err != nil {
		return back, unknownAuthorization(err)
	}
	if back.admission, err = d.Door.Admit(ctx, back.Workspace.String()); err != nil {
		return back, err
	}
	back.kept, err = openKept(secret)
	return back, err
}

// complete exchanges what came back, and keeps what it gives access to until
// the member has chosen.
func (d *Desk) complete(ctx context.Context, back taken, cb networks.Callback) (*finishOutput, error) {
	connector, err := d.Networks.Connector(back.Network)
	if err != nil {
		return nil, err
	}
	if cb.Pending, err = networks.OpenPending(back.kept.Pending); err != nil {
		return nil, err
	}
	credential, err := connector.Exchange(ctx, cb)
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
		Workspace: back.Workspace, User: signin.From(ctx).User, Network: back.Network,
	}, vault.NewSecret(sealed))
	if err != nil {
		return nil, err
	}
	return &finishOutput{Body: Finished{
		Authorization: grant, Workspace: back.Workspace, Network: back.Network,
		Accounts: choices(back.admission, back.Network, listed),
	}}, nil
}

// choices are the network's accounts, and after them those that the member has
// in the workspace and the network did not list.
func choices(admission access.Admission, network string, listed []networks.Account) []Choice {
	all := make([]Choice, 0, len(listed))
	for _, account := range listed {
		held, _ := admission.Workspace.AccountOf(network, account.RemoteID)
		all = append(all, Choice{
			Remote: account.RemoteID, Name: account.Name, URL: account.URL, MayPost: true, Account: held, Identities: identitiesOf(account.Identities),
		})
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

func identitiesOf(offered []networks.Identity) []Identity {
	all := make([]Identity, 0, len(offered))
	for _, one := range offered {
		all = append(all, Identity{ID: one.RemoteID, Name: one.Name})
	}
	return all
}

// refusedAuthorization says in plain words what the network answered about the
// person. What else went wrong stays what it is.
func refusedAuthorization(err error) error {
	switch networks.KindOf(err) {
	case networks.Denied:
		return refusal(http.StatusForbidden, "authorization_denied", err)
	case networks.Reauth, networks.Rejected, networks.NoPermission, networks.Gone, networks.Blocked:
		return refusal(http.StatusConflict, "authorization_failed", err)
	default:
		return err
	}
}

func refusal(status int, code string, err error) error {
	return problem.New(status, code, detailOf(err))
}
