// Package personkeys keeps the key of each person and each workspace, seals and
// opens personal texts with them, destroys what is left of a person who is
// erased (R66), and the keys of workspaces that were deleted (R13).
//
// The expected pattern:
//
//	keys, err := personkeys.New(pool, masterKey, personkeys.Options{Erased: signal})
//	store := eventstore.New(pool, registry, eventstore.Options{Persons: keys}) // seals
//	err = keys.Open(ctx, &member.Name, &member.Email)                         // for whoever is shown them
//	erased, err := keys.Erase(ctx)                                            // after user.erased was appended
//	closed, err := keys.DestroyWorkspaces(ctx)                                // after workspace.deleted was appended
//
// Keys stand in the database wrapped by a key that is derived from the master
// key. A process keeps those that it uses for CacheLife at most; destroying one
// anywhere wakes all processes, which then forget all of them. So a destroyed
// key opens nothing any more after the time of a wake-up, and without Redis
// after CacheLife.
package personkeys

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain/personal"
	"behalf/internal/masterkey"
)

// CacheLife is how long a process uses a key before it looks again whether the
// key still exists.
const CacheLife = 5 * time.Second

// What sealing and opening can end with, apart from a database that does not answer.
var (
	// ErrMasterKey says that the master key is not the one that wrapped a key.
	ErrMasterKey = errors.New("the master key does not unwrap this key")
	// ErrNobody says that a personal text belongs to nobody.
	ErrNobody = errors.New("a personal text without its person or workspace")
)

// Signal wakes this process and the others; eventstore/signal and redissignal have some.
type Signal interface {
	Notify()
	Next() <-chan struct{} // closed by the next Notify, of any process
}

// Options are what Keys can do without.
type Options struct {
	Erased Signal           // a key was destroyed; without it only CacheLife bounds the others' use of a key
	Logger *slog.Logger     // nothing is logged when nil
	Now    func() time.Time // time.Now when nil
}

// Keys seals, opens and erases. It is safe for concurrent use and starts no
// goroutines. It implements personal.Sealer and personal.Opener.
type Keys struct {
	pool     *pgxpool.Pool
	wrapping cipher.AEAD
	signal   Signal
	logger   *slog.Logger
	cache    cache
}

// New makes Keys over a pool that runs under the API's or the engine's role.
func New(pool *pgxpool.Pool, masterKey []byte, options Options) (*Keys, error) {
	if len(masterKey) != masterkey.Size {
		return nil, fmt.Errorf("%w: its length is wrong", ErrMasterKey)
	}
	wrapping := masterkey.Derive(masterKey, "person keys")
	aead, err := newAEAD(wrapping[:])
	if err != nil {
		return nil, fmt.Errorf("prepare the wrapping of person keys: %w", err)
	}
	k := &Keys{pool: pool, wrapping: aead, signal: options.Erased, logger: options.Logger}
	if k.logger == nil {
		k.logger = slog.New(slog.DiscardHandler)
	}
	k.cache.now = options.Now
	if k.cache.now == nil {
		k.cache.now = time.Now
	}
	if k.signal != nil {
		k.cache.next = k.signal.Next
	}
	return k, nil
}

// Seal seals the texts that are in plain words, each for its place. Who has no
// key gets one. The text of whose key was destroyed becomes a lost one.
func (k *Keys) Seal(ctx context.Context, texts ...*personal.Text) error {
	var plain []*personal.Text
	for _, text := range texts {
		if _, open := text.Plain(); open {
			plain = append(plain, text)
		}
	}
	held, err := k.held(ctx, plain, true)
	if err != nil {
		return fmt.Errorf("seal personal texts: %w", err)
	}
	for i, text := range plain {
		says, _ := text.Plain()
		if key := held[i]; key.exists() {
			*text = key.seal(says, text.Place())
		} else {
			*text = text.Of().Lost()
		}
	}
	return nil
}

// Open opens the texts that are sealed. One whose key is gone, or that was not
// sealed with it for its place, becomes a lost one; the latter is logged.
func (k *Keys) Open(ctx context.Context, texts ...*personal.Text) error {
	var sealed []*personal.Text
	for _, text := range texts {
		if text.IsSealed() {
			sealed = append(sealed, text)
		}
	}
	held, err := k.held(ctx, sealed, false)
	if err != nil {
		return fmt.Errorf("open personal texts: %w", err)
	}
	var in space
	for i, text := range sealed {
		key := held[i]
		if !key.exists() {
			*text = text.Of().Lost()
			continue
		}
		opened, err := key.open(*text, &in)
		if err != nil {
			k.logger.ErrorContext(ctx, "a personal text does not open",
				"of", text.Of().String(), "field", text.Place().Field, "error", err)
			opened = text.Of().Lost()
		}
		*text = opened
	}
	return nil
}

// held finds the key of each text, in its text's place; with create it makes
// missing ones. There is none for whose key was destroyed.
func (k *Keys) held(ctx context.Context, texts []*personal.Text, create bool) ([]key, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	subjects := make([]personal.Subject, len(texts))
	for i, text := range texts {
		if subjects[i] = text.Of(); subjects[i].IsZero() {
			return nil, ErrNobody
		}
	}
	held, missing, generation := k.cache.look(subjects)
	if len(missing) == 0 {
		return held, nil
	}
	missing = distinct(missing)
	found, err := k.load(ctx, missing)
	if err == nil && create {
		found, err = k.complete(ctx, missing, found)
	}
	if err != nil {
		return nil, err
	}
	k.cache.keep(found, generation)
	for i, subject := range subjects {
		if entry, is := found[subject]; is {
			held[i] = entry.key // none for a destroyed one
		}
	}
	return held, nil
}

// distinct names everybody once.
func distinct(subjects []personal.Subject) []personal.Subject {
	named := map[personal.Subject]bool{}
	return slices.DeleteFunc(subjects, func(subject personal.Subject) bool {
		again := named[subject]
		named[subject] = true
		return again
	})
}
