package checkpoint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const origin = "test.example/log"

func keys(t *testing.T) (private string, signers Signers, known Verifiers) {
	t.Helper()
	private, err := Generate(origin)
	require.NoError(t, err)
	signers, err = ParseSigners(private)
	require.NoError(t, err)
	public, err := PublicKeys(private)
	require.NoError(t, err)
	known, err = ParseVerifiers(strings.Join(public, "\n"))
	require.NoError(t, err)
	return private, signers, known
}

var root = tlog.Hash{31: 7}

func TestCheckpointsReadBack(t *testing.T) {
	t.Parallel()
	_, signers, known := keys(t)
	signed, err := Sign(42, root, signers)
	require.NoError(t, err)
	lines := strings.Split(string(signed), "\n")
	require.Equal(t, []string{origin, "42", root.String(), ""}, lines[:4])
	require.True(t, strings.HasPrefix(lines[4], "— "+origin+" "), "the form of a signed note")
	opened, err := Open(signed, known)
	require.NoError(t, err)
	require.Equal(t, Checkpoint{Origin: origin, Size: 42, Root: root}, opened)
}

func TestEveryByteOfACheckpointCounts(t *testing.T) {
	t.Parallel()
	_, signers, known := keys(t)
	signed, err := Sign(42, root, signers)
	require.NoError(t, err)
	for i := range signed {
		for bit := range 8 {
			changed := append([]byte{}, signed...)
			changed[i] ^= 1 << bit
			_, err := Open(changed, known)
			require.Error(t, err, "bit %d of byte %d", bit, i)
		}
	}
}

// What is signed, and is no checkpoint.
func TestOtherNotes(t *testing.T) {
	t.Parallel()
	_, signers, known := keys(t)
	for name, text := range map[string]string{
		"two lines":       origin + "\n42\n",
		"no size":         origin + "\nmany\n" + root.String() + "\n",
		"a negative size": origin + "\n-1\n" + root.String() + "\n",
		"a padded size":   origin + "\n042\n" + root.String() + "\n",
		"no hash":         origin + "\n42\nnonsense\n",
	} {
		signed, err := note.Sign(&note.Note{Text: text}, signers...)
		require.NoError(t, err)
		_, err = Open(signed, known)
		require.ErrorIs(t, err, ErrMalformed, name)
	}
	other, err := note.Sign(&note.Note{Text: "another.example\n42\n" + root.String() + "\n"}, signers...)
	require.NoError(t, err)
	_, err = Open(other, known)
	require.ErrorIs(t, err, ErrUntrusted, "the key of one log signs for another")
	extended, err := note.Sign(&note.Note{Text: origin + "\n42\n" + root.String() + "\nan extension\n"}, signers...)
	require.NoError(t, err)
	_, err = Open(extended, known)
	require.NoError(t, err, "extension lines are allowed")
}

func TestKeys(t *testing.T) {
	t.Parallel()
	private, _, _ := keys(t)
	for name, text := range map[string]string{
		"nothing": "", "a comment": "# none\n", "no key": "hunter2", "half a key": private[:len(private)/2],
	} {
		_, err := ParseSigners(text)
		require.ErrorIs(t, err, ErrKey, name)
		require.NotContains(t, err.Error(), "hunter2")
		_, err = ParseVerifiers(text)
		require.ErrorIs(t, err, ErrKey, name)
	}
	_, err := ParseVerifiers(private)
	require.ErrorContains(t, err, "private key")
	elsewhere, err := Generate("another.example/log")
	require.NoError(t, err)
	_, err = ParseSigners(private + "\n" + elsewhere)
	require.ErrorIs(t, err, ErrKey, "keys of two logs")
	for _, name := range []string{"", "a b", "a+b", "a\nb"} {
		_, err := Generate(name)
		require.ErrorIs(t, err, ErrKey, "%q", name)
	}
}

func TestKeyFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "seal.key")
	made, err := LoadOrCreateKey(file, origin)
	require.NoError(t, err)
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.EqualValues(t, 0o600, info.Mode().Perm())
	again, err := LoadOrCreateKey(file, origin)
	require.NoError(t, err)
	require.Equal(t, made, again)
	require.NoError(t, os.Chmod(file, 0o604))
	_, err = LoadOrCreateKey(file, origin)
	require.ErrorIs(t, err, ErrKey, "everybody may read it")
}

func TestFolder(t *testing.T) {
	t.Parallel()
	folder := Folder(filepath.Join(t.TempDir(), "outside"))
	latest, err := folder.Latest()
	require.NoError(t, err)
	require.Nil(t, latest)
	private, _, _ := keys(t)
	public, err := PublicKeys(private)
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, folder.AddKeys(public))
	}
	known, err := folder.Keys()
	require.NoError(t, err)
	require.Len(t, known, 1)
	day := time.Date(2026, time.November, 22, 23, 59, 0, 0, time.UTC)
	require.NoError(t, folder.Write([]byte("first"), day))
	require.NoError(t, folder.Write([]byte("second"), day.Add(time.Hour)))
	files := map[string]string{}
	entries, err := os.ReadDir(string(folder))
	require.NoError(t, err)
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(string(folder), entry.Name()))
		require.NoError(t, err)
		files[entry.Name()] = string(content)
	}
	require.Equal(t, map[string]string{
		"checkpoint": "second", "checkpoint-2026-11-22": "first", "checkpoint-2026-11-23": "second", "keys": public[0] + "\n",
	}, files)
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(origin + "\n42\n" + root.String() + "\n\n— x y\n"))
	f.Fuzz(func(t *testing.T, signed []byte) {
		_, err := Open(signed, nil)
		require.Error(t, err)
	})
}
