// Package lend opens connections for whoever speaks to a network through them,
// and keeps what comes back: one way for publishing and for the daily care.
package lend

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"behalf/domain"
	"behalf/internal/networks"
	"behalf/internal/vault"
)

// Lost is the code of a connection whose stored authorization is gone or
// unreadable: only its holder can make a new one.
const Lost = "authorization_lost"

// ClosedError says that a connection could not be opened, or not be renewed.
// Whatever was to be done through it was not done.
type ClosedError struct{ Err error }

func (e *ClosedError) Error() string { return "open a connection: " + e.Err.Error() }

// Unwrap returns what went wrong: an error of the vault, or the network's *networks.Failure.
func (e *ClosedError) Unwrap() error { return e.Err }

// Gone reports whether the connection is not there any more.
func (e *ClosedError) Gone() bool { return errors.Is(e.Err, vault.ErrNotFound) }

// Unreadable reports whether what is stored cannot be read, and never will be.
func (e *ClosedError) Unreadable() bool {
	return errors.Is(e.Err, vault.ErrTampered) || errors.Is(e.Err, networks.ErrSealed)
}

// Loan is a connection that something is done through.
type Loan struct {
	Vault      *vault.Vault
	Connector  networks.Connector
	Connection domain.ConnectionID
	Until      time.Time // a credential that does not last so long is refreshed first; zero: it is used as it is
	Enough     time.Time // one that lasts so long is used all the same when refreshing fails and may succeed later; zero: none is
	// Going counts refreshes that go on after Through has gone on without them. A
	// process that ends waits for them: what a network has rotated and nobody has
	// stored is lost (R46). nil: nobody waits.
	Going *sync.WaitGroup
}

// Through calls use with the connection's credential. When the network refuses
// that, it is refreshed once, if it can be, and used again: an expired token is
// no reason to ask a person (R45), and a network that cannot refresh just then
// none to leave one unused that lasts. Errors are those of use, or a *ClosedError.
func (l Loan) Through(ctx context.Context, use func(networks.Credential) error) error {
	held, secret, err := l.Vault.Open(ctx, l.Connection)
	credential, err := read(secret, err)
	if err != nil {
		return err
	}
	if !l.Until.IsZero() && credential.Refreshable() && !held.ExpiresAt.IsZero() && !held.ExpiresAt.After(l.Until) {
		lasts := !l.Enough.IsZero() && held.ExpiresAt.After(l.Enough)
		fresh, err := l.refreshed(ctx, lasts)
		switch {
		case err == nil:
			return use(fresh)
		case forGood(err), !lasts, ctx.Err() != nil:
			return err
		}
	}
	err = use(credential)
	if networks.KindOf(err) != networks.Reauth || !credential.Refreshable() {
		return err
	}
	credential, err = read(l.Vault.RefreshRefused(ctx, l.Connection, held.Generation, Exchange(l.Connector)))
	if err != nil {
		return err
	}
	return use(credential)
}

// patience is how long a network may take to refresh a credential that would do
// without. What is due in a few seconds does not miss its moment for a token
// endpoint that hangs, nor for others who wait for the same one.
const patience = 3 * time.Second

// refreshed is the credential after it was refreshed. Where the stored one lasts,
// it is waited for a little only; the refresh goes on by itself, and what it
// brings is stored (vault.Refresh).
func (l Loan) refreshed(ctx context.Context, lasts bool) (networks.Credential, error) {
	if !lasts {
		return read(l.Vault.Refresh(ctx, l.Connection, l.Until, Exchange(l.Connector)))
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel() // of whoever still waits in line; an exchange that has begun does not heed it
	type answer struct {
		fresh networks.Credential
		err   error
	}
	answered := make(chan answer, 1)
	if l.Going != nil {
		l.Going.Add(1)
	}
	go func() {
		if l.Going != nil {
			defer l.Going.Done()
		}
		fresh, err := read(l.Vault.Refresh(ctx, l.Connection, l.Until, Exchange(l.Connector)))
		answered <- answer{fresh, err}
	}()
	select {
	case got := <-answered:
		return got.fresh, got.err
	case <-ctx.Done():
		return networks.Credential{}, &ClosedError{ctx.Err()}
	}
}

// forGood reports whether a refresh failed in a way that only the holder can
// mend: the credential that was to be refreshed is of no use either.
func forGood(err error) bool {
	var closed *ClosedError
	return networks.KindOf(err) == networks.Reauth || errors.As(err, &closed) && (closed.Gone() || closed.Unreadable())
}

// Verify asks the network whether the connection may post to an account, as an
// identity (R37). A credential that the network answers instead of the one that
// it was asked with is kept.
func (l Loan) Verify(ctx context.Context, session networks.Session) (access networks.Access, err error) {
	var asked networks.Credential
	err = l.Through(ctx, func(c networks.Credential) (err error) {
		asked, session.Credential = c, c
		access, err = l.Connector.VerifyAccess(ctx, session)
		return err
	})
	if err == nil && !access.Credential.IsZero() {
		err = l.keep(ctx, asked, access.Credential)
	}
	return access, err
}

// Check asks whether the connection may post to an account at all, as whatever
// identity (R37).
func (l Loan) Check(ctx context.Context, remote string) (networks.Access, error) {
	access, err := l.Verify(ctx, networks.Session{Account: remote})
	if err == nil && access.Account.RemoteID != remote {
		err = &networks.Failure{
			Kind: networks.NoPermission, Code: "other_remote_account",
			Detail: "The network takes this connection for another account.",
		}
	}
	return access, err
}

// Ended is why a connection that was checked is of no use before its holder has
// mended it (R44); nil where it works, or nobody could say (R45).
func Ended(err error) *networks.Failure {
	failure, _ := errors.AsType[*networks.Failure](err)
	if failure == nil {
		return nil
	}
	switch failure.Kind {
	case networks.Reauth, networks.NoPermission, networks.Gone:
		return failure
	default:
		return nil
	}
}

// errOthers says that somebody else has stored another credential meanwhile.
var errOthers = errors.New("another credential is stored by now")

// keep stores a credential in the place of the one that it came back for.
func (l Loan) keep(ctx context.Context, asked, answered networks.Credential) error {
	before, err := asked.Seal()
	if err != nil {
		return err
	}
	after, err := answered.Seal()
	if err != nil || bytes.Equal(before, after) {
		return err
	}
	secret, err := l.Vault.Update(ctx, l.Connection, func(_ context.Context, current vault.Secret) (vault.Secret, time.Time, error) {
		if !current.Equal(vault.NewSecret(before)) {
			return vault.Secret{}, time.Time{}, errOthers
		}
		return vault.NewSecret(after), answered.ExpiresAt(), nil
	})
	secret.Wipe()
	if errors.Is(err, errOthers) || errors.Is(err, vault.ErrNotFound) {
		return nil
	}
	return err
}

// Exchange lets a connector renew what the vault holds the lock of.
func Exchange(connector networks.Connector) vault.Exchange {
	return func(ctx context.Context, current vault.Secret) (vault.Secret, time.Time, error) {
		held, err := networks.OpenCredential(current.Reveal())
		if err != nil {
			return vault.Secret{}, time.Time{}, err
		}
		fresh, err := connector.Refresh(ctx, held)
		if err != nil {
			return vault.Secret{}, time.Time{}, err
		}
		sealed, err := fresh.Seal()
		return vault.NewSecret(sealed), fresh.ExpiresAt(), err
	}
}

// Read opens what the vault opened.
func Read(secret vault.Secret) (networks.Credential, error) {
	defer secret.Wipe()
	return networks.OpenCredential(secret.Reveal())
}

func read(secret vault.Secret, err error) (networks.Credential, error) {
	if err != nil {
		return networks.Credential{}, &ClosedError{err}
	}
	credential, err := Read(secret)
	if err != nil {
		return networks.Credential{}, &ClosedError{err}
	}
	return credential, nil
}
