package keyring

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/internal/masterkey"
	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	master = []byte("a master key, and 32 bytes long.")
	plain  = []byte("what a member has authorized")
	place  = []byte("whose it is")
)

func open(t *testing.T, pool *pgxpool.Pool, keys ...[]byte) *Keyring {
	t.Helper()
	if len(keys) == 0 {
		keys = [][]byte{master}
	}
	k, err := Open(t.Context(), pool, keys)
	require.NoError(t, err)
	return k
}

func seal(t *testing.T, k *Keyring) []byte {
	t.Helper()
	sealed, err := k.Encrypt(plain, place)
	require.NoError(t, err)
	return sealed
}

func opens(t *testing.T, k *Keyring, sealed []byte) {
	t.Helper()
	opened, err := k.Decrypt(sealed, place)
	require.NoError(t, err)
	require.Equal(t, plain, opened)
}

func rotate(t *testing.T, pool *pgxpool.Pool) (keys int) {
	t.Helper()
	keys, err := Rotate(t.Context(), pool, [][]byte{master})
	require.NoError(t, err)
	return keys
}

// silent fails where an error repeats what it must not tell, in any writing.
func silent(t *testing.T, err error, secrets ...[]byte) {
	t.Helper()
	require.Error(t, err)
	for _, secret := range append(secrets, master, plain) {
		if len(secret) == 0 {
			continue
		}
		for _, written := range []string{string(secret), hex.EncodeToString(secret), base64.StdEncoding.EncodeToString(secret)} {
			require.NotContains(t, err.Error(), written)
		}
	}
}

// What is sealed opens in every process that has the key, and looks like nothing.
func TestSealedAndOpened(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	k := open(t, pool)
	one, other := seal(t, k), seal(t, k)
	require.NotEqual(t, one, other, "the same twice is not seen to be the same")
	require.False(t, bytes.Contains(one, plain))
	opens(t, k, one)
	opens(t, open(t, pool), other)
}

// What was sealed for one place opens in no other one, nor does what was changed,
// or comes from another vault. That is final, and no word about the keys.
func TestTheWrongPlaceIsRefused(t *testing.T) {
	t.Parallel()
	k, stranger := open(t, testkit.Postgres(t)), open(t, testkit.Postgres(t))
	sealed := seal(t, k)
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, test := range map[string]struct{ sealed, place []byte }{
		"another place":    {sealed, []byte("whose it is not")},
		"no place":         {sealed, nil},
		"a changed byte":   {changed, place},
		"a part":           {sealed[:len(sealed)-1], place},
		"next to nothing":  {sealed[:keyPrefix-1], place},
		"nothing":          {nil, place},
		"of another vault": {seal(t, stranger), place},
	} {
		opened, err := k.Decrypt(test.sealed, test.place)
		silent(t, err, test.sealed)
		require.NotErrorIs(t, err, ErrUnreadable, name)
		require.Nil(t, opened, name)
	}
}

// All that start at once on an empty database make one keyset.
func TestOneKeysetIsMade(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	rings := make([]*Keyring, 8)
	var starting sync.WaitGroup
	for i := range rings {
		starting.Go(func() { rings[i], _ = Open(context.WithoutCancel(t.Context()), pool, [][]byte{master}) })
	}
	starting.Wait()
	require.NotContains(t, rings, (*Keyring)(nil))
	for _, k := range rings {
		opens(t, rings[0], seal(t, k))
	}
}

// Keys of another length, none, and one that has not wrapped the keyset are
// refused, by what is wrong with them and not by what they are.
func TestUnusableKeys(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	open(t, pool)
	short, another := []byte("too short to be one"), []byte("another key, and as long as it..")
	for name, test := range map[string]struct {
		keys [][]byte
		says string
	}{
		"none":            {nil, "there is none"},
		"a short one":     {[][]byte{short}, "19 bytes instead of 32"},
		"one is short":    {[][]byte{master, short}, "19 bytes instead of 32"},
		"somebody else's": {[][]byte{another}, "does not open"},
	} {
		_, opening := Open(t.Context(), pool, test.keys)
		_, rotating := Rotate(t.Context(), pool, test.keys)
		for _, err := range []error{opening, rotating, Rewrap(t.Context(), pool, test.keys)} {
			require.ErrorIs(t, err, masterkey.ErrUnusable, name)
			require.ErrorContains(t, err, test.says, name)
			silent(t, err, short, another)
		}
	}
	_, keys, err := open(t, pool).Newest(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, keys, "nothing was changed")
}
