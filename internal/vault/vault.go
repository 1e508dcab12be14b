// Package vault keeps what members authorized Behalf to use: the connections to
// their social accounts, encrypted at rest, and the authorizations on their way
// to becoming one.
//
// The path of a connection:
//
//	BeginAuthorization  → the browser goes to the network and comes back
//	TakeAuthorization   → the code is exchanged
//	StoreGrant          → the member chooses among the accounts it gave access to
//	TakeGrant, Store    → the connection's row, then the event that names it
//	Open, Refresh       → publishing
//	Destroy             → removal (R62)
//
// Secrets are opaque bytes here. A keyset in the database seals them (AES-256
// in XAES-GCM, by Tink); the master key, which never enters the database, wraps
// the keyset. Every ciphertext is bound to the columns that say whose it is, so
// that a row that somebody edited or moved does not open.
//
// The database roles differ: the API's may store connections but not read them
// back; opening, refreshing and destroying need the engine's.
package vault

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// What the vault answers besides broken infrastructure.
var (
	// ErrNotFound: no such row, or it expired, was taken, or belongs to somebody else.
	ErrNotFound = errors.New("not in the vault")
	// ErrTampered: the row's secret was not sealed for this row, or was changed.
	ErrTampered = errors.New("secret does not belong to its row")
	// ErrBound: the id is taken by a connection of another workspace, account, holder, kind or network.
	ErrBound = errors.New("connection id belongs to another connection")
	// ErrEmptySecret: there was nothing to store; an empty secret never replaces one.
	ErrEmptySecret = errors.New("empty secret")
)

// Vault seals, stores, opens and refreshes. It starts no goroutines.
type Vault struct {
	pool  *pgxpool.Pool
	aead  tink.AEAD
	lines lines
}

// New opens the vault's keyset with the master key, making the keyset when the
// database has none. A master key that is not the one that wrapped it is
// refused with ErrMasterKey.
func New(ctx context.Context, pool *pgxpool.Pool, masterKey []byte) (*Vault, error) {
	if len(masterKey) != MasterKeySize {
		return nil, fmt.Errorf("%w: %d bytes instead of %d", ErrMasterKey, len(masterKey), MasterKeySize)
	}
	wrapping := DeriveKey(masterKey, "vault keyset")
	wrapper, err := subtle.NewXChaCha20Poly1305(wrapping[:])
	if err != nil {
		return nil, fmt.Errorf("prepare master key: %w", err)
	}
	handle, err := loadKeyset(ctx, pool, wrapper)
	if err != nil {
		return nil, err
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("use vault keyset: %w", err)
	}
	return &Vault{pool: pool, aead: primitive, lines: newLines(pool.Config().MaxConns)}, nil
}

var keysetBinding = []byte("behalf vault keyset")

// loadKeyset offers a fresh keyset only when there is none; of several
// processes that do so at once one succeeds, and all read that one.
func loadKeyset(ctx context.Context, pool *pgxpool.Pool, wrapper tink.AEAD) (*keyset.Handle, error) {
	const stored = `
		select wrapped
		from vault.keysets
		where id = 1`
	var wrapped []byte
	err := pool.QueryRow(ctx, stored).Scan(&wrapped)
	if errors.Is(err, pgx.ErrNoRows) {
		if err := offerKeyset(ctx, pool, wrapper); err != nil {
			return nil, err
		}
		err = pool.QueryRow(ctx, stored).Scan(&wrapped)
	}
	if err != nil {
		return nil, fmt.Errorf("load vault keyset: %w", err)
	}
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), wrapper, keysetBinding)
	if err != nil {
		return nil, fmt.Errorf("%w: it does not open this database's vault", ErrMasterKey)
	}
	return handle, nil
}

func offerKeyset(ctx context.Context, pool *pgxpool.Pool, wrapper tink.AEAD) error {
	handle, err := keyset.NewHandle(aead.XAES256GCM192BitNonceKeyTemplate())
	if err != nil {
		return fmt.Errorf("make vault keyset: %w", err)
	}
	var wrapped bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), wrapper, keysetBinding); err != nil {
		return fmt.Errorf("wrap vault keyset: %w", err)
	}
	_, err = pool.Exec(ctx, `
		insert into vault.keysets (wrapped)
		values ($1)
		on conflict do nothing`, wrapped.Bytes())
	if err != nil {
		return fmt.Errorf("store vault keyset: %w", err)
	}
	return nil
}

func (v *Vault) seal(secret Secret, binding []byte) ([]byte, error) {
	if secret.IsEmpty() {
		return nil, ErrEmptySecret
	}
	sealed, err := v.aead.Encrypt(secret.Reveal(), binding)
	if err != nil {
		return nil, fmt.Errorf("seal secret: %w", err)
	}
	return sealed, nil
}

func (v *Vault) open(sealed, binding []byte) (Secret, error) {
	plain, err := v.aead.Decrypt(sealed, binding)
	if err != nil {
		return Secret{}, ErrTampered // the cause says nothing that could be acted on
	}
	return NewSecret(plain), nil
}

// bind writes the associated data: what it is and every part with its length,
// so that no two different lists of parts read the same.
func bind(what string, parts ...[]byte) []byte {
	bound := []byte("behalf vault " + what + "\x00")
	for _, part := range parts {
		bound = binary.BigEndian.AppendUint32(bound, uint32(len(part))) //nolint:gosec // G115: ids and short names
		bound = append(bound, part...)
	}
	return bound
}

// asWorkspace sends statements in one round trip and one transaction in which
// row-level security lets the API see the rows of that workspace.
func asWorkspace(workspace [16]byte) *pgx.Batch {
	batch := &pgx.Batch{}
	batch.Queue(`select set_config('behalf.workspace', $1::uuid::text, true)`, workspace)
	return batch
}
