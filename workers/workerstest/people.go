package workerstest

import (
	"reflect"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/catalog"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/browser"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/vault"
)

// Addresses of the world's people.
const (
	OliviaEmail = "olivia@example.com"
	CarlEmail   = "carl@example.com"
)

// As issues a command for a user, and returns what happened.
func (w *World) As(who domain.UserID, cmd any) []eventstore.Recorded {
	w.Helper()
	return w.by(domain.Actor{User: who, Now: time.Now().UTC(), Fresh: eventstore.Fresh}, cmd)
}

// AsSystem issues a command for a part of Behalf.
func (w *World) AsSystem(cmd any) []eventstore.Recorded {
	w.Helper()
	return w.by(domain.Actor{Part: "test", Now: time.Now().UTC(), Fresh: eventstore.Fresh}, cmd)
}

func (w *World) by(actor domain.Actor, cmd any) []eventstore.Recorded {
	w.Helper()
	kind, known := catalog.Commands()[reflect.TypeOf(cmd).Elem().Name()]
	require.True(w, known)
	result, err := w.Store.Execute(w.Ctx, eventstore.Call{Type: kind, Command: cmd, Workspace: w.Workspace, By: actor})
	require.NoError(w, err)
	return result.Events
}

// found lets Olivia found Acme and connect the page, and Carl join.
func (w *World) found(mode workspace.CredentialMode) {
	w.Helper()
	w.Olivia, w.Carl = eventstore.Fresh(), eventstore.Fresh()
	w.As(w.Olivia, &user.Register{Email: OliviaEmail, Name: "Olivia"})
	w.As(w.Carl, &user.Register{Email: CarlEmail, Name: "Carl"})
	create := &workspace.CreateWorkspace{ID: eventstore.Fresh(), Name: "Acme"}
	w.Workspace = create.ID
	w.As(w.Olivia, create)
	w.Account = w.Connect(w.Olivia)
	invited := w.Invite(mode)
	w.As(w.Carl, &invitation.AcceptInvitation{
		Link: invitation.Link{Invitation: invited.Invitation, Generation: invited.Generation},
	})
	w.settled()
}

// Invite invites Carl as a Client who manages posts on the page.
func (w *World) Invite(mode workspace.CredentialMode) workspace.ClientInvited {
	w.Helper()
	happened := w.As(w.Olivia, &invitation.InviteClient{
		Email: CarlEmail, Person: w.Carl, Access: workspace.ClientAccess{ManagePosts: true},
		Assignments: []workspace.Assignment{{Account: w.Account, CredentialMode: mode}},
	})
	invited, ok := happened[len(happened)-1].Event.(workspace.ClientInvited)
	require.True(w, ok)
	return invited
}

// Connect walks a user through the sandbox's authorization, stores what came of
// it in the vault, and connects the page through it.
func (w *World) Connect(who domain.UserID) domain.AccountID {
	w.Helper()
	person := browser.Person{Name: "olivia", Password: networktest.OliviaPassword, HTTP: w.Sandbox.HTTP}
	if who == w.Carl {
		person.Name, person.Password = "carl", networktest.CarlPassword
		require.NoError(w, w.Sandbox.MakeAdmin(w.Ctx, networktest.Page, "carl"))
	}
	start, err := w.sandbox.Authorize(w.Ctx, networks.AuthRequest{RedirectURI: networktest.RedirectURI})
	require.NoError(w, err)
	back, err := person.Allow(w.Ctx, start.URL)
	require.NoError(w, err)
	credential, err := w.sandbox.Exchange(w.Ctx, networks.Callback{Query: back.Query(), Pending: start.Pending})
	require.NoError(w, err)
	sealed, err := credential.Seal()
	require.NoError(w, err)

	connect := &account.ConnectAccount{
		Authorization: "test", Remote: networktest.Page, Account: w.Account,
		Verified: account.Access{
			Network: sandbox.Name, Remote: networktest.Page, Name: "Acme News", Connection: eventstore.Fresh(),
		},
	}
	if connect.Account.IsZero() {
		connect.Account = eventstore.Fresh()
	}
	require.NoError(w, w.Vault.Store(w.Ctx, vault.Connection{
		ID: connect.Verified.Connection, Workspace: w.Workspace, Account: connect.Account, Holder: who,
		Kind: string(credential.Kind()), Network: sandbox.Name, Person: person.Name,
		ExpiresAt: credential.ExpiresAt(), Refreshable: credential.Refreshable(),
	}, vault.NewSecret(sealed)))
	w.As(who, connect)
	return connect.Account
}

// GiveBack makes a user an admin of the page again, and connects them anew.
func (w *World) GiveBack(who domain.UserID) {
	w.Helper()
	person := "olivia"
	if who == w.Carl {
		person = "carl"
	}
	require.NoError(w, w.Sandbox.MakeAdmin(w.Ctx, networktest.Page, person))
	w.Connect(who)
}

// AddByHand has Olivia add an account of a network that people post to by hand.
// It is the one that posts go to from then on.
func (w *World) AddByHand(connector networks.Connector, network, url string) {
	w.Helper()
	w.Networks[network] = connector
	w.Account = eventstore.Fresh()
	w.As(w.Olivia, &account.ConnectAccount{
		Authorization: "test", Remote: "acme", Account: w.Account,
		Verified: account.Access{Network: network, Remote: "acme", Name: "Acme Group", URL: url, ByHand: true, Connection: eventstore.Fresh()},
	})
}

// Hold connects an account of any network through a credential that Olivia has
// got there. It is the one that posts go to from then on. Workers read the networks:
// none is at work yet.
func (w *World) Hold(connector networks.Connector, network, remote string, credential networks.Credential) {
	w.Helper()
	w.Networks[network], w.Account = connector, eventstore.Fresh()
	connection := eventstore.Fresh()
	sealed, err := credential.Seal()
	require.NoError(w, err)
	require.NoError(w, w.Vault.Store(w.Ctx, vault.Connection{
		ID: connection, Workspace: w.Workspace, Account: w.Account, Holder: w.Olivia,
		Kind: string(credential.Kind()), Network: network, Person: "olivia",
		ExpiresAt: credential.ExpiresAt(), Refreshable: credential.Refreshable(),
	}, vault.NewSecret(sealed)))
	w.As(w.Olivia, &account.ConnectAccount{
		Authorization: "test", Remote: remote, Account: w.Account,
		Verified: account.Access{Network: network, Remote: remote, Name: "Acme elsewhere", Connection: connection},
	})
}

// DeleteAtNetwork removes a post from the sandbox past everything.
func (w *World) DeleteAtNetwork(remote string) error {
	return w.AtNetwork(func(c networks.Connector, s networks.Session) error { return c.Delete(w.Ctx, s, remote) })
}

// AtNetwork has something done on the page past everything, through Olivia's connection.
func (w *World) AtNetwork(do func(networks.Connector, networks.Session) error) error {
	held, secret, err := w.Vault.Open(w.Ctx, w.ConnectionOf(w.Olivia))
	if err != nil {
		return err
	}
	defer secret.Wipe()
	credential, err := networks.OpenCredential(secret.Reveal())
	if err != nil {
		return err
	}
	require.Equal(w, w.Olivia, held.Holder)
	return do(w.Networks[sandbox.Name], networks.Session{Credential: credential, Account: networktest.Page})
}

// Expire makes the vault believe that all access tokens are about to expire.
func (w *World) Expire() {
	w.Helper()
	_, err := w.Pool.Exec(w.Ctx, "update vault.connections set expires_at = now() - interval '1 minute'")
	require.NoError(w, err)
}

// ConnectionOf is the connection of a holder to the page.
func (w *World) ConnectionOf(holder domain.UserID) domain.ConnectionID {
	w.Helper()
	return w.connection(holder).ID
}

// State is how the connection of a holder to the page is.
func (w *World) State(holder domain.UserID) account.ConnectionState {
	w.Helper()
	return w.connection(holder).State
}

func (w *World) connection(holder domain.UserID) account.Connection {
	w.Helper()
	loaded, err := w.Store.Load(w.Ctx, eventstore.Scope{}, account.Stream(w.Account))
	require.NoError(w, err)
	return domain.Fact[*account.Account](loaded.Facts, account.Stream(w.Account)).ConnectionOf(holder)
}
