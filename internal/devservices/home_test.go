package devservices

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func itoa(number int) string { return strconv.Itoa(number) }

func ownerOf(t *testing.T, path string) uint32 {
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Sys().(*syscall.Stat_t).Uid
}

// A home that only root may enter, such as /root, cannot hold Postgres's data.
func TestDataMovesWhereTheServicesUserReachesIt(t *testing.T) {
	t.Parallel()
	asRoot(t)
	options := Options{Dir: filepath.Join(privateFolder(t), "data"), SkipRedis: true}
	services := start(t, options)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(filepath.Dir(services.PostgresDir))) })
	require.True(t, strings.HasPrefix(services.PostgresDir, "/var/tmp/behalf-data-"), services.PostgresDir)
	query(t, services.PostgresURL, "create table kept as select 'yes' as answer")
	require.NoError(t, services.Stop(t.Context()))

	again := start(t, options)
	require.Equal(t, services.PostgresDir, again.PostgresDir)
	require.Equal(t, "yes", query(t, again.PostgresURL, "select answer from kept"))
	require.NoError(t, again.Stop(t.Context()))

	require.NoError(t, os.RemoveAll(filepath.Dir(services.PostgresDir)))
	_, err := Start(t.Context(), options)
	require.ErrorContains(t, err, "is gone", "not a silent start with nothing")
}

func TestFoldersAreMadeForServicesOnly(t *testing.T) {
	t.Parallel()
	options := Options{Dir: privateFolder(t), SkipPostgres: true, SkipRedis: true}
	services := start(t, options)
	require.Empty(t, services.PostgresURL+services.RedisURL)
	entries, err := os.ReadDir(options.Dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "its lock")

	_, err = Start(t.Context(), options)
	var busy *BusyError
	require.ErrorAs(t, err, &busy)
}

func TestDataOutOfReachIsNotStartedAnew(t *testing.T) {
	t.Parallel()
	asRoot(t)
	options := Options{Dir: privateFolder(t), SkipRedis: true}
	require.NoError(t, os.Mkdir(filepath.Join(options.Dir, "postgres"), 0o700))
	_, err := Start(t.Context(), options)
	require.ErrorContains(t, err, "cannot reach")
}

func asRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("not root: services run as ourselves")
	}
}

func privateFolder(t *testing.T) string {
	private := t.TempDir()
	require.NoError(t, os.Chmod(private, 0o700))
	return private
}

// A socket's path may have about a hundred bytes; a folder's thousands.
func TestALongPath(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(openFolder(t), strings.Repeat("long/", 30))
	services := start(t, Options{Dir: folder})
	require.Equal(t, "1", query(t, services.PostgresURL, "select '1'"))
	require.Contains(t, services.PostgresDir, folder)
	require.Equal(t, "PONG", ping(t, services.RedisURL))
}
