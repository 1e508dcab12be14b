package vault

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Who seals reads the keyset again when that is a minute ago, so that a new key
// is used everywhere soon; who meets a key that it does not know, at once.
const (
	keyringAge  = time.Minute
	keyringTime = 2 * time.Second // that reading may take
)

// errKeyset says that a secret may well open, by keys that cannot be read now.
var errKeyset = errors.New("the vault's keys cannot be read")

// Keys open the vault's keyset: 32 bytes each.
type Keys struct {
	Master   Secret // wraps the keyset where Wrapping is not set
	Wrapping Secret // wraps the keyset instead; empty: the master key does
	Old      Secret // wrapped it before; empty: the master key may have
}

// wrappers are what may have wrapped the keyset; the first one is to.
func (k Keys) wrappers() (wrappers []tink.AEAD, err error) {
	var known []Secret
	for _, key := range []Secret{k.Wrapping, k.Master, k.Old} {
		if key.IsEmpty() || slices.ContainsFunc(known, key.Equal) {
			continue
		}
		known = append(known, key)
		if size := len(key.Reveal()); size != MasterKeySize {
			return nil, fmt.Errorf("%w: %d bytes instead of %d", ErrMasterKey, size, MasterKeySize)
		}
		wrapping := DeriveKey(key.Reveal(), "vault keyset")
		wrapper, err := subtle.NewXChaCha20Poly1305(wrapping[:])
		if err != nil {
			return nil, fmt.Errorf("prepare master key: %w", err)
		}
		wrappers = append(wrappers, wrapper)
	}
	if len(wrappers) == 0 {
		return nil, fmt.Errorf("%w: there is none", ErrMasterKey)
	}
	return wrappers, nil
}

// keyring holds the keyset of a process, and follows the database's: another
// process may have made a new key (see Rotate).
type keyring struct {
	pool     *pgxpool.Pool
	wrappers []tink.AEAD

	mutex sync.RWMutex
	set   ring
	read  time.Time // when the set was last read, or could not be
}

// ring is one keyset, ready for use.
type ring struct {
	handle *keyset.Handle
	aead   tink.AEAD
}

func newKeyring(ctx context.Context, pool *pgxpool.Pool, keys Keys) (*keyring, error) {
	wrappers, err := keys.wrappers()
	if err != nil {
		return nil, err
	}
	k := &keyring{pool: pool, wrappers: wrappers}
	handle, err := loadKeyset(ctx, pool, wrappers)
	if err != nil {
		return nil, err
	}
	k.set, err = newRing(handle)
	k.read = time.Now()
	return k, err
}

func newRing(handle *keyset.Handle) (ring, error) {
	primitive, err := aead.New(handle)
	if err != nil {
		return ring{}, fmt.Errorf("use vault keyset: %w", err)
	}
	return ring{handle: handle, aead: primitive}, nil
}

func (k *keyring) now() (ring, time.Duration) {
	k.mutex.RLock()
	defer k.mutex.RUnlock()
	return k.set, time.Since(k.read)
}

// renew reads the keyset again, unless that was done less than an age ago. What
// there was stays in use when it cannot be read. The time that it takes is its
// own: who seals may have no more than the keys to wait for.
func (k *keyring) renew(age time.Duration) ring {
	set, since := k.now()
	if since < age {
		return set
	}
	ctx, cancel := context.WithTimeout(context.Background(), keyringTime)
	defer cancel()
	if fresh, err := k.reload(ctx, age); err == nil {
		return fresh
	}
	return set
}

// reload reads the keyset, unless somebody else just did.
func (k *keyring) reload(ctx context.Context, age time.Duration) (ring, error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if time.Since(k.read) < age {
		return k.set, nil
	}
	k.read = time.Now()
	handle, err := loadKeyset(ctx, k.pool, k.wrappers)
	if err != nil {
		return ring{}, err
	}
	set, err := newRing(handle)
	if err == nil {
		k.set = set
	}
	return set, err
}

// keyPrefix is what Tink begins a ciphertext with: one byte and the key's id.
const keyPrefix = 5

func prefixOf(id uint32) []byte { return binary.BigEndian.AppendUint32([]byte{1}, id) }

// knows reports whether some key of the set has sealed this.
func (r ring) knows(sealed []byte) bool {
	if len(sealed) < keyPrefix {
		return true // nobody's
	}
	return slices.Contains(r.ids(), binary.BigEndian.Uint32(sealed[1:]))
}

func (r ring) ids() (ids []uint32) {
	for i := range r.handle.Len() {
		if entry, err := r.handle.Entry(i); err == nil {
			ids = append(ids, entry.KeyID())
		}
	}
	return ids
}

// primary is the id of the key that seals.
func (r ring) primary() (uint32, error) {
	entry, err := r.handle.Primary()
	if err != nil {
		return 0, fmt.Errorf("find the vault's newest key: %w", err)
	}
	return entry.KeyID(), nil
}

func (k *keyring) encrypt(plain, binding []byte) ([]byte, error) {
	return k.renew(keyringAge).aead.Encrypt(plain, binding)
}

func (k *keyring) decrypt(sealed, binding []byte) ([]byte, error) {
	set, _ := k.now()
	if !set.knows(sealed) {
		// a row is never older than the key that sealed it: what is read now has it
		ctx, cancel := context.WithTimeout(context.Background(), keyringTime)
		defer cancel()
		var err error
		if set, err = k.reload(ctx, 0); err != nil {
			return nil, fmt.Errorf("%w: %w", errKeyset, err)
		}
	}
	return set.aead.Decrypt(sealed, binding)
}
