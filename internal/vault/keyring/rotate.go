package keyring

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Rotate makes a new key, with which everything is sealed from now on, and
// answers how many keys there are. Older keys stay: they open what they sealed.
// Processes that run use the new key a minute later, or when they meet a row that
// it sealed. The pool runs under the owner's role; nobody else may change the
// keyset.
func Rotate(ctx context.Context, pool *pgxpool.Pool, keys [][]byte) (count int, err error) {
	err = changeKeyset(ctx, pool, keys, func(handle *keyset.Handle) (*keyset.Handle, error) {
		manager := keyset.NewManagerFromHandle(handle)
		id, err := manager.Add(aead.XAES256GCM192BitNonceKeyTemplate())
		if err != nil {
			return nil, fmt.Errorf("make a key for the vault: %w", err)
		}
		if err := manager.SetPrimary(id); err != nil {
			return nil, fmt.Errorf("use the vault's new key: %w", err)
		}
		changed, err := manager.Handle()
		if err != nil {
			return nil, fmt.Errorf("change the vault's keys: %w", err)
		}
		count = changed.Len()
		return changed, nil
	})
	return count, err
}

// Rewrap has the keyset wrapped by the first key, whichever wrapped it before. Processes that run
// keep the keyset that they have; those that read it again need the new key.
func Rewrap(ctx context.Context, pool *pgxpool.Pool, keys [][]byte) error {
	return changeKeyset(ctx, pool, keys, func(handle *keyset.Handle) (*keyset.Handle, error) { return handle, nil })
}

// changeKeyset changes the keyset under the row's lock: of two that do so at
// once, both succeed, one after the other.
func changeKeyset(ctx context.Context, pool *pgxpool.Pool, keys [][]byte, change func(*keyset.Handle) (*keyset.Handle, error)) error {
	wrappers, err := wrappersOf(keys)
	if err != nil {
		return err
	}
	if _, err := loadKeyset(ctx, pool, wrappers); err != nil { // makes the first one
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		return changeLocked(ctx, tx, wrappers, change)
	})
}

func changeLocked(ctx context.Context, tx pgx.Tx, wrappers []tink.AEAD, change func(*keyset.Handle) (*keyset.Handle, error)) error {
	var wrapped []byte
	err := tx.QueryRow(ctx, `
		select wrapped
		from vault.keysets
		where id = 1
		for update`).Scan(&wrapped)
	if err != nil {
		return fmt.Errorf("lock the vault's keyset: %w", err)
	}
	handle, err := unwrap(wrapped, wrappers)
	if err != nil {
		return err
	}
	if handle, err = change(handle); err != nil {
		return err
	}
	if wrapped, err = wrap(handle, wrappers[0]); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `
		update vault.keysets
		set wrapped = $1
		where id = 1`, wrapped); err != nil {
		return fmt.Errorf("store the vault's keyset: %w", err)
	}
	return nil
}
