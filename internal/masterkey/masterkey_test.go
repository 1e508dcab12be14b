package masterkey_test

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/masterkey"
)

var master = []byte("0123456789abcdef0123456789abcdef")

func TestKeyFileIsMadeOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "master.key")
	keys := make([][]byte, 16)
	var group sync.WaitGroup
	for i := range keys {
		group.Go(func() { keys[i], _ = masterkey.LoadOrCreate(path) })
	}
	group.Wait()
	for _, key := range keys {
		require.Len(t, key, masterkey.Size)
		require.Equal(t, keys[0], key)
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing was left beside the key")
}

func TestKeyFileRefused(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]struct {
		content string
		mode    os.FileMode
	}{
		"everybody may read it": {hex.EncodeToString(master), 0o644},
		"empty":                 {"", 0o600},
		"half a key":            {hex.EncodeToString(master[:16]), 0o600},
		"not a key":             {"correct horse battery staple", 0o600},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "master.key")
			require.NoError(t, os.WriteFile(path, []byte(file.content), 0o600))
			require.NoError(t, os.Chmod(path, file.mode)) // whatever the umask is
			_, err := masterkey.LoadOrCreate(path)
			require.ErrorIs(t, err, masterkey.ErrUnusable)
			if file.content != "" {
				require.NotContains(t, err.Error(), file.content)
			}
			kept, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, file.content, string(kept), "a refused file is left as it was")
		})
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, text := range []string{hex.EncodeToString(master), " " + base64.StdEncoding.EncodeToString(master) + "\n"} {
		key, err := masterkey.Parse(text)
		require.NoError(t, err)
		require.Equal(t, master, key)
	}
}

func TestDerive(t *testing.T) {
	t.Parallel()
	links := masterkey.Derive(master, "invitation links")
	// HKDF-SHA256 without salt; worked out with another implementation.
	require.Equal(t, "19ca8d20a8c47a536a141191410b899fd97742013e6483b18e4cb9bcd9ba7247", hex.EncodeToString(links[:]), "links that were sent must keep working")
	require.NotEqual(t, links, masterkey.Derive(master, "email index"))
	require.Panics(t, func() { masterkey.Derive(master[:31], "invitation links") })
}
