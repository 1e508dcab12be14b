package publish

import (
	"context"
	"errors"
	"time"

	"behalf/internal/networks"
	"behalf/internal/vault"
)

// secretLost is the code of a connection whose stored authorization is gone or
// unreadable: only its holder can make a new one.
const secretLost = "authorization_lost"

// through calls use with the connection's credential. What is to be sent gets
// one that lasts: it is refreshed when it is about to expire. When the network
// refuses the credential all the same, it is refreshed once and used again: an
// expired token is no reason to ask a person (R45). The errors of through
// itself are *networks.Failure that say that nothing was sent, Reauth among them.
func (p *Publisher) through(ctx context.Context, s sight, sending bool, use func(networks.Credential) error) error {
	held, secret, err := p.Vault.Open(ctx, s.connection)
	if err != nil {
		return p.closed(ctx, s, err)
	}
	generation := held.Generation
	credential, err := reveal(secret)
	if err != nil {
		return p.closed(ctx, s, err)
	}
	until := p.Now().Add(s.connector.Capabilities().RefreshBefore)
	if sending && credential.Refreshable() && !held.ExpiresAt.IsZero() && !held.ExpiresAt.After(until) {
		secret, err = p.Vault.Refresh(ctx, s.connection, until, exchange(s.connector))
		if credential, err = p.renewed(ctx, s, secret, err); err != nil {
			return err
		}
		return use(credential)
	}
	err = use(credential)
	if networks.KindOf(err) != networks.Reauth || !credential.Refreshable() {
		return err
	}
	secret, err = p.Vault.RefreshRefused(ctx, s.connection, generation, exchange(s.connector))
	if credential, err = p.renewed(ctx, s, secret, err); err != nil {
		return err
	}
	return use(credential)
}

func (p *Publisher) renewed(ctx context.Context, s sight, secret vault.Secret, err error) (networks.Credential, error) {
	if err == nil {
		var credential networks.Credential
		if credential, err = reveal(secret); err == nil {
			return credential, nil
		}
	}
	return networks.Credential{}, p.closed(ctx, s, err)
}

// closed says what it means that a connection could not be opened or refreshed.
// Nothing was sent in any case.
func (p *Publisher) closed(ctx context.Context, s sight, err error) error {
	var failure *networks.Failure
	switch {
	case errors.Is(err, vault.ErrNotFound), errors.Is(err, vault.ErrTampered), errors.Is(err, networks.ErrSealed):
		p.Logger.ErrorContext(ctx, "a stored authorization cannot be read", "connection", s.connection.String(), "error", err)
		return &networks.Failure{Kind: networks.Reauth, Code: secretLost, Cause: err,
			Detail: "The stored authorization cannot be read any more."}
	case errors.As(err, &failure) && (failure.Kind == networks.Reauth || failure.Kind == networks.RateLimited):
		return failure
	default:
		return notSent("credential", err)
	}
}

// exchange lets the connector renew what the vault holds the lock of.
func exchange(connector networks.Connector) vault.Exchange {
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
		if err != nil {
			return vault.Secret{}, time.Time{}, err
		}
		return vault.NewSecret(sealed), fresh.ExpiresAt(), nil
	}
}

func reveal(secret vault.Secret) (networks.Credential, error) {
	defer secret.Wipe()
	return networks.OpenCredential(secret.Reveal())
}
