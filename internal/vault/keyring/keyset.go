package keyring

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"behalf/internal/masterkey"
)

var keysetBinding = []byte("behalf vault keyset")

// wrappersOf are what may have wrapped the keyset; the first one is to.
func wrappersOf(keys [][]byte) (wrappers []tink.AEAD, err error) {
	for _, key := range keys {
		if size := len(key); size != masterkey.Size {
			return nil, fmt.Errorf("%w: %d bytes instead of %d", masterkey.ErrUnusable, size, masterkey.Size)
		}
		wrapping := masterkey.Derive(key, "vault keyset")
		wrapper, err := subtle.NewXChaCha20Poly1305(wrapping[:])
		if err != nil {
			return nil, fmt.Errorf("prepare master key: %w", err)
		}
		wrappers = append(wrappers, wrapper)
	}
	if len(wrappers) == 0 {
		return nil, fmt.Errorf("%w: there is none", masterkey.ErrUnusable)
	}
	return wrappers, nil
}

// loadKeyset offers a fresh keyset only when there is none; of several
// processes that do so at once one succeeds, and all read that one.
func loadKeyset(ctx context.Context, pool *pgxpool.Pool, wrappers []tink.AEAD) (*keyset.Handle, error) {
	const stored = `
		select wrapped
		from vault.keysets
		where id = 1`
	var wrapped []byte
	err := pool.QueryRow(ctx, stored).Scan(&wrapped)
	if errors.Is(err, pgx.ErrNoRows) {
		if err := offerKeyset(ctx, pool, wrappers[0]); err != nil {
			return nil, err
		}
		err = pool.QueryRow(ctx, stored).Scan(&wrapped)
	}
	if err != nil {
		return nil, fmt.Errorf("load vault keyset: %w", err)
	}
	return unwrap(wrapped, wrappers)
}

func unwrap(wrapped []byte, wrappers []tink.AEAD) (*keyset.Handle, error) {
	for _, wrapper := range wrappers {
		handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), wrapper, keysetBinding)
		if err == nil {
			return handle, nil
		}
	}
	return nil, fmt.Errorf("%w: it does not open this database's vault", masterkey.ErrUnusable)
}

func wrap(handle *keyset.Handle, wrapper tink.AEAD) ([]byte, error) {
	var wrapped bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), wrapper, keysetBinding); err != nil {
		return nil, fmt.Errorf("wrap vault keyset: %w", err)
	}
	return wrapped.Bytes(), nil
}

func offerKeyset(ctx context.Context, pool *pgxpool.Pool, wrapper tink.AEAD) error {
	handle, err := keyset.NewHandle(aead.XAES256GCM192BitNonceKeyTemplate())
	if err != nil {
		return fmt.Errorf("make vault keyset: %w", err)
	}
	wrapped, err := wrap(handle, wrapper)
	if err != nil {
		return err
	}
	_, err = pool.Exec(ctx, `
		insert into vault.keysets (wrapped)
		values ($1)
		on conflict do nothing`, wrapped)
	if err != nil {
		return fmt.Errorf("store vault keyset: %w", err)
	}
	return nil
}
