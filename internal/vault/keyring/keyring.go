// Package keyring keeps the keys that seal what the vault holds: a keyset (AES-256
// in XAES-GCM, by Tink) that stands in the database, wrapped by a key that does
// not. It is made when there is none, followed when another process changes it,
// and changed by operators.
package keyring

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
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Who seals reads the keyset again when that is a minute ago, so that a new key
// is used everywhere soon; who meets a key that it does not know, at once.
const (
	keyringAge  = time.Minute
	keyringTime = 2 * time.Second // that reading may take
)

// ErrUnreadable says that a secret may well open, by keys that cannot be read now.
var ErrUnreadable = errors.New("the vault's keys cannot be read")

// Keyring holds the keyset of a process, and follows the database's: another
// process may have made a new key (see Rotate).
type Keyring struct {
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

// Open reads the keyset, which one of the keys has wrapped, and makes one when
// the database has none: the first key wraps that. Keys that do not open it are
// refused with masterkey.ErrUnusable.
func Open(ctx context.Context, pool *pgxpool.Pool, keys [][]byte) (*Keyring, error) {
	wrappers, err := wrappersOf(keys)
	if err != nil {
		return nil, err
	}
	k := &Keyring{pool: pool, wrappers: wrappers}
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

func (k *Keyring) now() (ring, time.Duration) {
	k.mutex.RLock()
	defer k.mutex.RUnlock()
	return k.set, time.Since(k.read)
}

// renew reads the keyset again, unless that was done less than an age ago. What
// there was stays in use when it cannot be read. The time that it takes is its
// own: who seals may have no more than the keys to wait for.
func (k *Keyring) renew(age time.Duration) ring {
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
func (k *Keyring) reload(ctx context.Context, age time.Duration) (ring, error) {
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

// Newest reads the keyset, and answers what everything that its newest key has
// sealed begins with, and how many keys there are.
func (k *Keyring) Newest(ctx context.Context) (prefix []byte, keys int, err error) {
	set, err := k.reload(ctx, 0)
	if err != nil {
		return nil, 0, err
	}
	primary, err := set.primary()
	if err != nil {
		return nil, 0, err
	}
	return prefixOf(primary), set.handle.Len(), nil
}

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

// Encrypt seals by the newest key.
func (k *Keyring) Encrypt(plain, binding []byte) ([]byte, error) {
	return k.renew(keyringAge).aead.Encrypt(plain, binding)
}

// Decrypt opens what any key of the set has sealed. When the key may be one that
// cannot be read now, the error is ErrUnreadable.
func (k *Keyring) Decrypt(sealed, binding []byte) ([]byte, error) {
	set, _ := k.now()
	if !set.knows(sealed) {
		// a row is never older than the key that sealed it: what is read now has it
		ctx, cancel := context.WithTimeout(context.Background(), keyringTime)
		defer cancel()
		var err error
		if set, err = k.reload(ctx, 0); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
	}
	return set.aead.Decrypt(sealed, binding)
}
