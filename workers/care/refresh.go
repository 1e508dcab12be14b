package care

import (
	"context"
	"errors"
	"slices"
	"time"

	"behalf/domain/account"
	"behalf/internal/networks"
	"behalf/internal/vault"
	"behalf/workers/issue"
	"behalf/workers/lend"
)

// unreadable is for a holder who alone can make a new authorization.
const unreadable = "The stored authorization cannot be read any more."

// refresh renews tokens before they expire.
func (k *Keeper) refresh(ctx context.Context) error {
	leads, full := map[string]time.Duration{}, k.refreshes.full()
	for _, name := range k.Networks.Names() {
		if !slices.Contains(full, name) {
			leads[name] = k.Networks[name].Capabilities().RefreshBefore
		}
	}
	due, err := k.Vault.TakeRefreshes(ctx, k.Now(), leads, atOnce)
	k.apart(ctx, "refreshes", k.refreshes, due, k.refreshOne)
	return err
}

func (k *Keeper) refreshOne(ctx context.Context, c vault.Connection) error {
	if _, stands, err := k.standing(ctx, c); err != nil || !stands {
		return errors.Join(err, k.leave(ctx, c, err))
	}
	connector, err := k.Networks.Connector(c.Network)
	if err != nil {
		return err
	}
	// a token that outlasts the one that was seen is somebody else's refresh
	secret, err := k.Vault.Refresh(ctx, c.ID, c.ExpiresAt, lend.Exchange(connector))
	secret.Wipe()
	switch {
	case err == nil, errors.Is(err, vault.ErrNotFound):
		return nil
	case errors.Is(err, vault.ErrTampered), errors.Is(err, networks.ErrSealed):
		return k.ended(ctx, c, lend.Lost, unreadable)
	case networks.KindOf(err) == networks.Reauth:
		return k.failed(ctx, c, err)
	}
	k.Logger.InfoContext(ctx, "a token is refreshed later", "connection", c.ID.String(), "network", c.Network, "why", string(networks.KindOf(err)))
	return k.Vault.RefreshFailed(ctx, c.ID, k.Now())
}

// unnamed is how long a stored connection may be without the event that names
// it: a client tries again after a crash between the two.
const unnamed = time.Hour

// leave has nothing more done about a connection that is not its holder's any
// more, or was asked for already. One that was made a while ago may be theirs in
// a moment, and is taken again.
func (k *Keeper) leave(ctx context.Context, c vault.Connection, failed error) error {
	if failed != nil || c.CreatedAt.After(k.Now().Add(-unnamed)) {
		return nil
	}
	return k.Vault.EndCare(ctx, c.ID)
}

// failed says to the holder what the network said.
func (k *Keeper) failed(ctx context.Context, c vault.Connection, err error) error {
	var failure *networks.Failure
	if !errors.As(err, &failure) {
		return err
	}
	return k.ended(ctx, c, failure.Code, failure.Detail)
}

// expired asks for what has run out and cannot be refreshed.
func (k *Keeper) expired(ctx context.Context) error {
	due, err := k.Vault.TakeExpired(ctx, k.Now(), atOnce)
	return k.each(ctx, "expired", due, err, func(ctx context.Context, c vault.Connection) error {
		if _, stands, err := k.standing(ctx, c); err != nil || !stands {
			return errors.Join(err, k.leave(ctx, c, err))
		}
		return k.ended(ctx, c, "expired", "The authorization has run out. Connect the account again.")
	})
}

// runningOut tells holders what will run out and only they can renew (R44).
func (k *Keeper) runningOut(ctx context.Context) error {
	due, err := k.Vault.TakeRunningOut(ctx, k.Now(), atOnce)
	return k.each(ctx, "running out", due, err, func(ctx context.Context, c vault.Connection) error {
		told, err := k.desk.Issue(ctx, c.Workspace, &account.AnnounceExpiry{
			Account: c.Account, Holder: c.Holder, Connection: c.ID, Expires: c.ExpiresAt.UTC(),
		})
		if err != nil && !issue.Refused(err) {
			return err
		}
		if len(told) == 0 { // of no use now: it may be later
			return k.Vault.AnnounceLater(ctx, c.ID, k.Now().Add(daily))
		}
		return k.Vault.Announced(ctx, c.ID)
	})
}

// inherit has connections take over what the authorization that they replace
// has and theirs lacks: a network that is asked again need not answer with
// another refresh token (R46).
func (k *Keeper) inherit(ctx context.Context) error {
	heirs, err := k.Vault.Heirs(ctx, atOnce)
	return k.each(ctx, "heirs", heirs, err, k.inheritOne)
}

func (k *Keeper) inheritOne(ctx context.Context, c vault.Connection) error {
	previous, err := k.predecessor(ctx, c)
	if err != nil {
		return err
	}
	refreshable := false
	secret, err := k.Vault.Update(ctx, c.ID, func(_ context.Context, current vault.Secret) (vault.Secret, time.Time, error) {
		own, err := networks.OpenCredential(current.Reveal())
		if err != nil {
			return vault.Secret{}, time.Time{}, err
		}
		merged := merge(own, previous)
		refreshable = merged.Refreshable()
		sealed, err := merged.Seal()
		return vault.NewSecret(sealed), merged.ExpiresAt(), err
	})
	secret.Wipe()
	if err != nil && !lost(err) {
		return err
	}
	return k.Vault.Inherited(ctx, c.ID, refreshable)
}

// predecessor is what a connection may take over; nothing where that is not
// there any more, cannot be read, or is another person's: a holder may sign in at
// the network as somebody else than before.
func (k *Keeper) predecessor(ctx context.Context, c vault.Connection) (previous networks.Credential, err error) {
	old, secret, err := k.Vault.Open(ctx, c.Predecessor)
	if err == nil {
		previous, err = lend.Read(secret)
	}
	switch {
	case err == nil && same(c, old):
		return previous, nil
	case err == nil, lost(err):
		return networks.Credential{}, nil
	default:
		return networks.Credential{}, err
	}
}

// same reports whether two connections are one person's, here and at the network,
// for one account.
func same(a, b vault.Connection) bool {
	return a.Workspace == b.Workspace && a.Account == b.Account && a.Holder == b.Holder && a.Network == b.Network && a.Person == b.Person
}

// lost reports whether what is stored is gone or will never be read again.
func lost(err error) bool {
	return errors.Is(err, vault.ErrNotFound) || errors.Is(err, vault.ErrTampered) || errors.Is(err, networks.ErrSealed)
}

// merge keeps the newer credential, and of the older one the refresh token
// that the newer one lacks, where both are of one host. They are one person's.
func merge(newer, older networks.Credential) networks.Credential {
	own, is := newer.OAuth2()
	previous, was := older.OAuth2()
	if !is || !was || !own.RefreshToken.IsZero() || previous.RefreshToken.IsZero() || own.Host != previous.Host {
		return newer
	}
	own.RefreshToken = previous.RefreshToken
	return networks.NewOAuth2(own)
}
