package care

import (
	"context"
	"errors"

	"behalf/internal/networks"
	"behalf/internal/vault"
	"behalf/workers/lend"
)

// revoke ends at the networks what was given up here.
func (k *Keeper) revoke(ctx context.Context) error {
	due, err := k.Vault.TakeRevocations(ctx, k.Now(), k.revocations.full(), atOnce)
	for _, r := range due {
		k.revocations.send(r.Network, func() error { return k.revokeOne(ctx, r) })
	}
	k.Meter.Swept("revocations", len(due))
	return err
}

// revokeOne leaves what could not be ended this time to be taken again.
func (k *Keeper) revokeOne(ctx context.Context, r vault.Revocation) error {
	connector, err := k.Networks.Connector(r.Network)
	if err != nil {
		return k.Vault.Untried(ctx, r.ID) // this process does not offer the network; another one may
	}
	if choosing, err := k.Vault.Choosing(ctx, r.Holder, r.Network); err != nil || choosing {
		return errors.Join(err, k.Vault.Untried(ctx, r.ID)) // what was granted may be the same authorization, as at Mastodon: spared is asked once it is a connection, or nothing
	}
	secret, err := k.Vault.OpenRevocation(ctx, r)
	if errors.Is(err, vault.ErrNotFound) {
		return nil
	}
	if errors.Is(err, vault.ErrTampered) {
		return k.Vault.Revoked(ctx, r.ID)
	}
	if err != nil {
		return err
	}
	credential, err := lend.Read(secret)
	if err != nil {
		return k.Vault.Revoked(ctx, r.ID)
	}
	switch spared, err := k.spared(ctx, r, connector, credential); {
	case err != nil:
		return err
	case spared:
		return k.Vault.Revoked(ctx, r.ID)
	}
	asking, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	err = connector.Revoke(asking, credential)
	switch networks.KindOf(err) {
	case networks.RateLimited, networks.Blocked, networks.NotSent, networks.Unavailable, networks.Ambiguous, networks.Misconfigured:
		k.Logger.InfoContext(ctx, "an authorization is revoked later", "network", r.Network, "tries", r.Tries, "why", string(networks.KindOf(err)))
		return nil
	}
	if err != nil && !errors.Is(err, networks.ErrUnsupported) {
		k.Logger.InfoContext(ctx, "an authorization has ended otherwise", "network", r.Network, "why", string(networks.KindOf(err)))
	}
	return k.Vault.Revoked(ctx, r.ID)
}

// spared reports whether another connection would end with this authorization,
// in another workspace or for another account: that one stays.
func (k *Keeper) spared(ctx context.Context, r vault.Revocation, connector networks.Connector, given networks.Credential) (bool, error) {
	if connector.Capabilities().RevokesPerson {
		return k.Vault.InUse(ctx, r.Network, r.Person)
	}
	return k.Vault.Shared(ctx, r.Network, r.Person, func(secret vault.Secret) bool {
		other, err := networks.OpenCredential(secret.Reveal())
		return err == nil && given.Same(other)
	})
}
