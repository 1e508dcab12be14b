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
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/internal/vault/keyring"
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
	keys  *keyring.Keyring
	lines lines
}

// New is Open with the master key alone.
func New(ctx context.Context, pool *pgxpool.Pool, masterKey []byte) (*Vault, error) {
	return Open(ctx, pool, Keys{Master: NewSecret(masterKey)})
}

// Open opens the vault's keyset with the keys, making the keyset when the
// database has none. Keys that do not open it are refused with masterkey.ErrUnusable.
func Open(ctx context.Context, pool *pgxpool.Pool, keys Keys) (*Vault, error) {
	ring, err := keyring.Open(ctx, pool, keys.inOrder())
	if err != nil {
		return nil, err
	}
	return &Vault{pool: pool, keys: ring, lines: newLines(pool.Config().MaxConns)}, nil
}

// Seal seals a secret for a row that another package keeps: what says what it
// is ("second factor v1"), and the parts whose it is. Only the same what and
// parts open it again.
func (v *Vault) Seal(secret Secret, what string, parts ...[]byte) ([]byte, error) {
	return v.seal(secret, bind(what, parts...))
}

// Unseal opens what Seal made, or answers ErrTampered.
func (v *Vault) Unseal(sealed []byte, what string, parts ...[]byte) (Secret, error) {
	return v.open(sealed, bind(what, parts...))
}

func (v *Vault) seal(secret Secret, binding []byte) ([]byte, error) {
	if secret.IsEmpty() {
		return nil, ErrEmptySecret
	}
	sealed, err := v.keys.Encrypt(secret.Reveal(), binding)
	if err != nil {
		return nil, fmt.Errorf("seal secret: %w", err)
	}
	return sealed, nil
}

func (v *Vault) open(sealed, binding []byte) (Secret, error) {
	plain, err := v.keys.Decrypt(sealed, binding)
	switch {
	case errors.Is(err, keyring.ErrUnreadable):
		return Secret{}, err
	case err != nil:
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
