package child

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAPrivateFolderIsTheAccountsAlone(t *testing.T) {
	t.Parallel()
	us := Account{UID: os.Geteuid(), GID: os.Getegid()}
	parent := t.TempDir()

	fresh := filepath.Join(parent, "fresh")
	require.NoError(t, us.Folder(fresh))
	require.NoError(t, us.Folder(fresh), "it is there already, and private")

	open := filepath.Join(parent, "open")
	require.NoError(t, os.Mkdir(open, 0o700))
	require.NoError(t, os.Chmod(open, 0o755))
	require.ErrorContains(t, us.Folder(open), "not a private folder")

	link := filepath.Join(parent, "link")
	require.NoError(t, os.Symlink(fresh, link))
	require.ErrorContains(t, us.Folder(link), "not a private folder")

	somebody := Account{UID: us.UID + 1, GID: us.GID}
	require.ErrorContains(t, somebody.Folder(fresh), "not a private folder")
}
