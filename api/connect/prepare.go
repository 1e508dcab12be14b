package connect

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"

	"behalf/api/command"
	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/vault"
)

// Preparer makes ConnectAccount ready to be decided: it finds the grant and
// the account, asks the network whether the member may really post there
// (R37), and puts the connection into the vault, before the event that will
// name it.
//
// A grant makes one connection, whose id is the grant's own: however often and
// at whatever moment a process dies, trying again with the same grant stores
// the same row, and another account cannot get it. The grant is removed once
// the command was carried out, or when the network no longer honours it; until
// then a refused member may choose another account. What is left in the vault
// without an event is swept.
func (d *Desk) Preparer(store *eventstore.Store) command.Preparer {
	return command.Preparer{Prepare: func(ctx context.Context, order *command.Order) error {
		connect := order.Command.(*account.ConnectAccount)
		grant, secret, err := d.peek(ctx, order, connect.Authorization)
		if err != nil {
			return err
		}
		if err := choose(order, connect, grant); err != nil {
			return err
		}
		previous, err := d.mayConnect(ctx, store, order, connect, grant)
		if err != nil {
			return err
		}
		confirmed, err := d.verify(ctx, connect, grant, secret)
		if err != nil {
			return d.afterVerifying(ctx, grant, err)
		}
		if err := d.keep(ctx, order, connect, grant, confirmed, previous); err != nil {
			return err
		}
		order.After = func(ctx context.Context) { d.spend(ctx, grant) }
		return nil
	}}
}

func (d *Desk) peek(ctx context.Context, order *command.Order, authorization string) (vault.Grant, vault.Secret, error) {
	var id vault.GrantID
	if err := id.UnmarshalText([]byte(authorization)); err != nil || id.IsZero() {
		return vault.Grant{}, vault.Secret{}, unknownAuthorization(vault.ErrNotFound)
	}
	grant, secret, err := d.Vault.PeekGrant(ctx, order.Workspace, order.By.User, id)
	return grant, secret, unknownAuthorization(err)
}

// choose finds the account that is meant: the one that was named, if the
// workspace holds it, or the one that is this remote account, or a new one.
func choose(order *command.Order, connect *account.ConnectAccount, grant vault.Grant) error {
	w := order.Admission.Workspace
	if !connect.Account.IsZero() {
		if _, held := w.Accounts[connect.Account]; !held {
			return domain.Hidden()
		}
		return nil
	}
	if held, found := w.AccountOf(grant.Network, connect.Remote); found {
		connect.Account = held
		return nil
	}
	connect.Account = newAccount(grant.ID, connect.Remote)
	return nil
}

// newAccount makes the id of an account that is added: the same again when the
// same grant is tried again (a UUID of version 8, RFC 9562, section 5.8).
func newAccount(grant vault.GrantID, remote string) domain.AccountID {
	sum := sha256.Sum256(append(grant[:], remote...))
	id := domain.AccountID(sum[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}

// mayConnect decides the command once before the network is asked anything, as
// if it had said yes, answers the connection that would be replaced, and pins what it saw of the account: a second connection
// made of the same grant meanwhile is a conflict, not a second event.
func (d *Desk) mayConnect(ctx context.Context, store *eventstore.Store, order *command.Order, connect *account.ConnectAccount, grant vault.Grant) (previous domain.ConnectionID, err error) {
	streams := order.Type.Streams(connect, order.Workspace, order.By)
	loaded, err := store.Load(ctx, eventstore.Scope{Workspace: order.Workspace, User: order.By.User}, streams...)
	if err != nil {
		return previous, err
	}
	held := domain.Fact[*account.Account](loaded.Facts, account.Stream(connect.Account))
	if held.ConnectionOf(order.By.User).ID == domain.ConnectionID(grant.ID) {
		d.spend(ctx, grant) // a process died after the event and before this
		return previous, used()
	}
	connector, err := d.Networks.Connector(grant.Network)
	if err != nil {
		return previous, err
	}
	connect.Verified = account.Access{
		Network: grant.Network, Remote: connect.Remote, Name: connect.Remote,
		HasIdentities: connector.Capabilities().PostingIdentities, ByHand: connector.Capabilities().Manual,
		Connection: domain.ConnectionID(grant.ID),
	}
	w := *domain.Fact[*workspace.Workspace](loaded.Facts, workspace.Stream(order.Workspace))
	if _, err := connect.Decide(order.Workspace, w, *held, order.By); err != nil {
		return previous, err
	}
	if order.Expect == nil {
		seen := loaded.Versions[account.Stream(connect.Account)]
		order.Expect = &seen
	}
	return held.Replaced(order.By.User).ID, nil
}

// verify asks the network, at this moment (R37). The credential in its answer
// is the one to be kept. A network that speaks of another account than the one
// that was asked for confirms nothing (R46).
func (d *Desk) verify(ctx context.Context, connect *account.ConnectAccount, grant vault.Grant, secret vault.Secret) (networks.Access, error) {
	connector, err := d.Networks.Connector(grant.Network)
	if err != nil {
		return networks.Access{}, err
	}
	credential, err := networks.OpenCredential(secret.Reveal())
	if err != nil {
		return networks.Access{}, err
	}
	confirmed, err := connector.VerifyAccess(ctx, networks.Session{
		Credential: credential, Account: connect.Remote, Identity: connect.Identity,
	})
	if err != nil {
		return networks.Access{}, err
	}
	if confirmed.Account.RemoteID != connect.Remote {
		return networks.Access{}, domain.Clash(domain.R46, "other_remote_account", "You signed in with access to another account than the one to be connected.")
	}
	if confirmed.Credential.IsZero() {
		confirmed.Credential = credential
	}
	connect.Verified.Name, connect.Verified.URL = confirmed.Account.Name, confirmed.Account.URL
	return confirmed, nil
}

// afterVerifying turns the network's no into a refusal by R37. Only a grant
// that the network has ended is of no use any more.
func (d *Desk) afterVerifying(ctx context.Context, grant vault.Grant, err error) error {
	switch networks.KindOf(err) {
	case networks.NoPermission, networks.Gone, networks.Rejected:
		return domain.Forbid(domain.R37, "no_access", detailOf(err))
	case networks.Reauth:
		d.spend(ctx, grant)
		return domain.Forbid(domain.R37, "no_access", detailOf(err))
	default:
		return err
	}
}

// keep puts the connection into the vault, and what it may post as beside it.
func (d *Desk) keep(ctx context.Context, order *command.Order, connect *account.ConnectAccount, grant vault.Grant, confirmed networks.Access, previous domain.ConnectionID) error {
	sealed, err := confirmed.Credential.Seal()
	if err != nil {
		return err
	}
	err = d.Vault.Store(ctx, vault.Connection{
		ID: connect.Verified.Connection, Workspace: order.Workspace, Account: connect.Account, Holder: order.By.User,
		Kind: string(confirmed.Credential.Kind()), Network: grant.Network,
		ExpiresAt: confirmed.Credential.ExpiresAt(), Refreshable: confirmed.Credential.Refreshable(),
		Person: personOf(confirmed), Predecessor: previous,
	}, vault.NewSecret(sealed))
	if errors.Is(err, vault.ErrBound) {
		return used()
	}
	if err != nil {
		return err
	}
	return d.Vault.KeepOffered(ctx, order.Workspace, connect.Verified.Connection, confirmed.Account.Identities)
}

// mostOfPerson bounds what is kept of whom the network knows.
const mostOfPerson = 300

// personOf is whom the network knows the holder as. An id beyond all measure is
// left out: it would only be compared.
func personOf(confirmed networks.Access) string {
	if id := confirmed.Person.RemoteID; len(id) <= mostOfPerson {
		return id
	}
	return ""
}

// spend removes a grant. It expires by itself when that fails.
func (d *Desk) spend(ctx context.Context, grant vault.Grant) {
	_, _, err := d.Vault.TakeGrant(context.WithoutCancel(ctx), grant.Workspace, grant.User, grant.ID)
	if err != nil && !errors.Is(err, vault.ErrNotFound) {
		d.Logger.WarnContext(ctx, "a used authorization stays until it expires", "error", err)
	}
}

func used() error {
	return problem.New(http.StatusConflict, "authorization_used", "One authorization connects one account. Begin a new one.")
}

func detailOf(err error) string {
	var failure *networks.Failure
	if errors.As(err, &failure) {
		return failure.Detail
	}
	return fmt.Sprintf("The network refused (%s).", networks.KindOf(err))
}
