package keyring

import (
	"bytes"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"behalf/internal/masterkey"
	"behalf/internal/testkit"
)

// sealedBy is the key that has sealed something.
func sealedBy(sealed []byte) []byte { return sealed[:keyPrefix] }

// aged makes a ring believe that it has read the keyset a while ago.
func aged(k *Keyring, by time.Duration) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.read = k.read.Add(-by)
}

// Older keys open what they sealed. Who was running seals by the new one a minute
// later, and opens what it has sealed at once.
func TestRotated(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	running := open(t, pool)
	before := seal(t, running)
	require.Equal(t, 2, rotate(t, pool))
	fresh := open(t, pool)
	newest, keys, err := fresh.Newest(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, keys)
	require.NotEqual(t, sealedBy(before), newest)

	require.Equal(t, sealedBy(before), sealedBy(seal(t, running)), "it has just read the keyset")
	aged(running, keyringAge)
	require.Equal(t, newest, sealedBy(seal(t, running)))

	require.Equal(t, 3, rotate(t, pool))
	after := seal(t, open(t, pool))
	require.NotEqual(t, newest, sealedBy(after))
	opens(t, running, after)
	require.Equal(t, sealedBy(after), sealedBy(seal(t, running)), "it has met the newest one")
	for _, k := range []*Keyring{running, fresh, open(t, pool)} {
		opens(t, k, before)
		opens(t, k, after)
	}
}

// Of those who make a key at once each makes one.
func TestRotatedTogether(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	var operators errgroup.Group
	for range 4 {
		operators.Go(func() error {
			_, err := Rotate(t.Context(), pool, [][]byte{master})
			return err
		})
	}
	require.NoError(t, operators.Wait())
	_, keys, err := open(t, pool).Newest(t.Context())
	require.NoError(t, err)
	require.Equal(t, 5, keys)
}

// What wraps the keyset is exchanged, and no key that seals: the old one opens
// nothing any more, who runs goes on, and whoever reads it again needs the new one.
func TestRewrapped(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	second := []byte("the second one, and as long too.")
	running := open(t, pool)
	sealed := seal(t, running)
	both := open(t, pool, second, master)
	require.NoError(t, Rewrap(t.Context(), pool, [][]byte{second, master}))

	opens(t, open(t, pool, second), sealed)
	_, err := Open(t.Context(), pool, [][]byte{master})
	require.ErrorIs(t, err, masterkey.ErrUnusable)
	silent(t, err, second)
	_, err = Rotate(t.Context(), pool, [][]byte{master})
	require.ErrorIs(t, err, masterkey.ErrUnusable)
	keys, err := Rotate(t.Context(), pool, [][]byte{second})
	require.NoError(t, err)
	require.Equal(t, 2, keys)
	after := seal(t, open(t, pool, second))
	opens(t, both, after)

	opens(t, running, sealed)
	aged(running, keyringAge)
	require.Equal(t, sealedBy(sealed), sealedBy(seal(t, running)), "by what it has")
	_, err = running.Decrypt(after, place)
	require.ErrorIs(t, err, ErrUnreadable, "it is not changed, only out of reach")
	require.ErrorIs(t, err, masterkey.ErrUnusable)
	silent(t, err, second, after)
}

// While the keys cannot be read, what is known goes on; of what is not nobody
// says that it is broken. It opens when they can be read again.
func TestTheKeysCannotBeRead(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	running := open(t, pool)
	before := seal(t, running)
	rotate(t, pool)
	after := seal(t, open(t, pool))
	kept := keptAside(t, pool)
	aged(running, keyringAge)
	require.Equal(t, sealedBy(before), sealedBy(seal(t, running)))
	opens(t, running, before)
	_, err := running.Decrypt(after, place)
	require.ErrorIs(t, err, ErrUnreadable)
	silent(t, err, kept, after)
	_, _, err = running.Newest(t.Context())
	silent(t, err, kept)

	_, err = pool.Exec(t.Context(), "update vault.keysets set wrapped = $1", kept)
	require.NoError(t, err)
	opens(t, running, after)
	require.True(t, bytes.HasPrefix(seal(t, running), sealedBy(after)))
}

// keptAside takes the keyset away, and answers it.
func keptAside(t *testing.T, pool *pgxpool.Pool) (wrapped []byte) {
	t.Helper()
	require.NoError(t, pool.QueryRow(t.Context(), "select wrapped from vault.keysets").Scan(&wrapped))
	_, err := pool.Exec(t.Context(), "update vault.keysets set wrapped = 'no keyset at all, and none that anybody has wrapped'")
	require.NoError(t, err)
	return wrapped
}
