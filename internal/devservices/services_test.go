package devservices

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"

	"behalf/internal/devservices/child"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestThrowawayServicesLeaveNothing(t *testing.T) {
	t.Parallel()
	services := start(t, Options{Throwaway: true})
	require.Equal(t, "behalf", query(t, services.PostgresURL, "select current_database()::text"))
	require.Equal(t, "off", query(t, services.PostgresURL, "show fsync"))

	require.NoError(t, services.Stop(t.Context()))
	require.NoDirExists(t, filepath.Dir(services.PostgresDir))
	require.Empty(t, child.WorkingIn(services.PostgresDir, "postgres"))
	require.NoError(t, services.Stop(t.Context()), "a second stop does nothing")
}

func TestASecondStartFindsTheData(t *testing.T) {
	t.Parallel()
	options := Options{Dir: openFolder(t), SkipRedis: true}
	services := start(t, options)
	require.Equal(t, "on on", query(t, services.PostgresURL, "select setting from pg_settings where name in ('fsync', 'synchronous_commit')"))
	query(t, services.PostgresURL, "create table kept as select 'yes' as answer")
	require.NoError(t, services.Stop(t.Context()))

	require.Equal(t, "yes", query(t, start(t, options).PostgresURL, "select answer from kept"))
}

func TestAFolderServesOneProcess(t *testing.T) {
	t.Parallel()
	options := Options{Dir: openFolder(t), SkipRedis: true}
	services := start(t, options)
	var busy *BusyError
	_, err := Start(t.Context(), options)
	require.ErrorAs(t, err, &busy)
	require.ErrorContains(t, err, busy.Dir)
	require.Equal(t, "1", query(t, services.PostgresURL, "select '1'"), "the first one goes on")
}

func TestAKilledServerIsReportedAndStartsAgain(t *testing.T) {
	t.Parallel()
	options := Options{Dir: openFolder(t), SkipRedis: true}
	services := start(t, options)
	query(t, services.PostgresURL, "create table kept as select 'yes' as answer")
	require.NoError(t, syscall.Kill(postmaster(t, services.PostgresDir), syscall.SIGKILL))
	require.ErrorContains(t, <-services.Failed(), "postgres ended by itself: signal: killed")
	require.NoError(t, services.Stop(t.Context()))
	require.FileExists(t, filepath.Join(services.PostgresDir, "postmaster.pid"), "stale")

	require.Equal(t, "yes", query(t, start(t, options).PostgresURL, "select answer from kept"))
}

// After a restart of the machine the number in a stale postmaster.pid can be
// any living process's: here it is that of one which runs as the same user.
func TestAStalePidFileThatNamesAnotherProcess(t *testing.T) {
	t.Parallel()
	options := Options{Dir: openFolder(t), SkipRedis: true}
	services := start(t, options)
	pidFile := filepath.Join(services.PostgresDir, "postmaster.pid")
	content, err := os.ReadFile(pidFile)
	require.NoError(t, err)
	require.NoError(t, services.Stop(t.Context()))

	other := start(t, Options{Throwaway: true, SkipRedis: true})
	alive := fmt.Sprintf("%d\n", postmaster(t, other.PostgresDir))
	content = regexp.MustCompile(`^\d+\n`).ReplaceAll(content, []byte(alive))
	require.NoError(t, os.WriteFile(pidFile, content, 0o600))

	require.Equal(t, "1", query(t, start(t, options).PostgresURL, "select '1'"))
	require.Equal(t, "1", query(t, other.PostgresURL, "select '1'"), "the other process is left alone")
}

func TestNothingListensOnTCP(t *testing.T) {
	t.Parallel()
	services := start(t, Options{Throwaway: true})
	require.Empty(t, query(t, services.PostgresURL, "show listen_addresses"))
	ports := tcpSockets(t)
	for _, pid := range append(child.WorkingIn(services.PostgresDir, "postgres"),
		child.WorkingIn(filepath.Join(filepath.Dir(services.PostgresDir), "redis"), "redis-server")...) {
		descriptors, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		require.NoError(t, err)
		for _, descriptor := range descriptors {
			target, _ := os.Readlink(descriptor)
			require.NotContains(t, ports, target, "process %d", pid)
		}
	}
}

// tcpSockets are the listening TCP sockets of the machine, as /proc/*/fd names them.
func tcpSockets(t *testing.T) []string {
	var sockets []string
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		content, err := os.ReadFile(table)
		if os.IsNotExist(err) {
			continue
		}
		require.NoError(t, err)
		listening := regexp.MustCompile(`(?m)^ *\d+: \S+ \S+ 0A (?:\S+ +){5}(\d+)`)
		for _, match := range listening.FindAllStringSubmatch(string(content), -1) {
			sockets = append(sockets, "socket:["+match[1]+"]")
		}
	}
	return sockets
}

func TestAnotherUserCannotConnect(t *testing.T) {
	t.Parallel()
	services := start(t, Options{Throwaway: true, SkipRedis: true})
	config, err := pgx.ParseConfig(services.PostgresURL)
	require.NoError(t, err)
	info, err := os.Stat(config.Host)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}
