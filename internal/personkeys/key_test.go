package personkeys

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/personal"
)

func drawKey(t *rapid.T, label string) key {
	id := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, label)
	of := personal.Person(domain.UserID(id))
	if rapid.Bool().Draw(t, label+" is a workspace") {
		of = personal.Workspace(domain.WorkspaceID(id))
	}
	made, err := newKey(of, newSecret())
	require.NoError(t, err)
	return made
}

func drawPlace(t *rapid.T, label string) personal.Place {
	return personal.Place{
		ID:    [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, label)),
		Field: rapid.SampledFrom([]string{"email", "name", "client", "who.name"}).Draw(t, label+"'s field"),
	}
}

// What was sealed opens with the same key in the same place, and nowhere else:
// not in another event or field, not as another one's, not with a bit changed.
func TestSealedTextsOpenInTheirPlaceAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		says := rapid.String().Draw(t, "says")
		own, other := drawKey(t, "person"), drawKey(t, "other")
		at, elsewhere := drawPlace(t, "place"), drawPlace(t, "elsewhere")
		sealed := own.seal(says, at)
		require.True(t, sealed.IsSealed())

		opened, err := own.open(sealed, &space{})
		require.NoError(t, err)
		require.Equal(t, own.of.Says(says), opened)

		if at != elsewhere {
			_, err = own.open(sealed.At(elsewhere), &space{})
			require.ErrorIs(t, err, ErrRefused, "moved")
		}
		_, err = other.open(sealed, &space{})
		require.ErrorIs(t, err, ErrRefused, "with another one's key")
		if own.of != other.of {
			_, err = own.open(other.of.Sealed(at, sealed.Ciphertext()), &space{})
			require.ErrorIs(t, err, ErrRefused, "said to be another one's")
		}
		changed := sealed.Ciphertext()
		changed[rapid.IntRange(0, len(changed)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		_, err = own.open(own.of.Sealed(at, changed), &space{})
		require.ErrorIs(t, err, ErrRefused, "changed")
		_, err = own.open(own.of.Sealed(at, sealed.Ciphertext()[:rapid.IntRange(1, 27).Draw(t, "length")]), &space{})
		require.ErrorIs(t, err, ErrRefused, "cut off")
	})
}

func TestTheSameWordsNeverLookTheSame(t *testing.T) {
	t.Parallel()
	own, err := newKey(personal.Person(domain.UserID{15: 1}), newSecret())
	require.NoError(t, err)
	at := personal.Place{Field: "email"}
	one, other := own.seal("carl@example.com", at), own.seal("carl@example.com", at)
	require.NotEqual(t, one.Ciphertext(), other.Ciphertext())
}

func TestWrappedKeys(t *testing.T) {
	t.Parallel()
	carl, secret := personal.Person(domain.UserID{15: 1}), newSecret()
	wrapping, err := newAEAD(newSecret())
	require.NoError(t, err)
	another, err := newAEAD(newSecret())
	require.NoError(t, err)
	wrapped := wrap(wrapping, carl, secret)
	require.Len(t, wrapped, 60, "what the table expects")

	unwrapped, err := unwrap(wrapping, carl, wrapped)
	require.NoError(t, err)
	require.Equal(t, secret, unwrapped)
	_, err = unwrap(another, carl, wrapped)
	require.ErrorIs(t, err, ErrMasterKey)
	_, err = unwrap(wrapping, personal.Person(domain.UserID{15: 2}), wrapped)
	require.ErrorIs(t, err, ErrMasterKey, "another person's row")
	_, err = unwrap(wrapping, personal.Workspace(domain.WorkspaceID{15: 1}), wrapped)
	require.ErrorIs(t, err, ErrMasterKey, "the row of a workspace with the same id")
}
