package vault

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/internal/vault/keyring"
)

// Keys open the vault's keyset: 32 bytes each.
type Keys struct {
	Master   Secret // wraps the keyset where Wrapping is not set
	Wrapping Secret // wraps the keyset instead; empty: the master key does
	Old      Secret // wrapped it before; empty: the master key may have
}

// inOrder are the keys that there are; the first one is to wrap the keyset.
func (k Keys) inOrder() (keys [][]byte) {
	var known []Secret
	for _, key := range []Secret{k.Wrapping, k.Master, k.Old} {
		if key.IsEmpty() || slices.ContainsFunc(known, key.Equal) {
			continue
		}
		known = append(known, key)
		keys = append(keys, key.Reveal())
	}
	return keys
}

// Rotate makes a new key, with which everything is sealed from now on, and
// answers how many keys there are. Older keys stay: they open what they sealed.
// Processes that run use the new key a minute later, or when they meet a row that
// it sealed. The pool runs under the owner's role; nobody else may change the
// keyset.
func Rotate(ctx context.Context, pool *pgxpool.Pool, keys Keys) (count int, err error) {
	return keyring.Rotate(ctx, pool, keys.inOrder())
}

// Rewrap has the keyset wrapped by Keys.Wrapping, or by the master key where
// there is none, whichever of the keys wrapped it before. Processes that run
// keep the keyset that they have; those that read it again need the new key.
func Rewrap(ctx context.Context, pool *pgxpool.Pool, keys Keys) error {
	return keyring.Rewrap(ctx, pool, keys.inOrder())
}
