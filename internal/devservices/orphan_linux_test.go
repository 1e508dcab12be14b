package devservices

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"behalf/internal/devservices/child"

	"github.com/stretchr/testify/require"
)

func TestServicesDieWithAKilledProcess(t *testing.T) {
	t.Parallel()
	folder := openFolder(t)
	started := startChild(t, ourBinary(t), folder, nil)
	query(t, started.url, "create table kept as select 'yes' as answer")
	postmaster(t, started.dir)
	require.NoError(t, started.command.Process.Kill())
	require.Error(t, started.command.Wait())
	require.Eventually(t, func() bool { return len(child.WorkingIn(started.dir, "postgres")) == 0 }, patience, 10*time.Millisecond)

	services := start(t, Options{Dir: folder, SkipRedis: true})
	require.Equal(t, "yes", query(t, services.PostgresURL, "select answer from kept"))
}

func TestTheNextThrowawaySweepsWhatAKilledProcessLeft(t *testing.T) {
	t.Parallel()
	started := startChild(t, ourBinary(t), "throwaway", nil)
	living := start(t, Options{Throwaway: true, SkipRedis: true})
	require.NoError(t, started.command.Process.Kill())
	require.Error(t, started.command.Wait())

	start(t, Options{Throwaway: true, SkipRedis: true})
	require.Empty(t, child.WorkingIn(started.dir, "postgres"))
	require.NoDirExists(t, filepath.Dir(started.dir))
	require.Equal(t, "1", query(t, living.PostgresURL, "select '1'"), "what is in use stays")
}

// Whoever starts them, root or not.
func TestServicesRunWithoutPrivileges(t *testing.T) {
	t.Parallel()
	services := start(t, Options{Throwaway: true})
	pid := postmaster(t, services.PostgresDir)
	require.NotZero(t, ownerOf(t, filepath.Join("/proc", itoa(pid))))
	for _, redis := range child.WorkingIn(filepath.Join(filepath.Dir(services.PostgresDir), "redis"), "redis-server") {
		require.NotZero(t, ownerOf(t, filepath.Join("/proc", itoa(redis))))
	}
}

// The same program started by somebody who is not root, from a place that they reach.
func TestAnUnprivilegedUserStartsServices(t *testing.T) {
	t.Parallel()
	account, err := child.ServiceAccount()
	require.NoError(t, err)
	folder := openFolder(t)
	require.NoError(t, account.Folder(folder))
	binary := filepath.Join(folder, "services")
	// By another process: a file that this one had open for writing could still be
	// open in some child of a test beside this one, and then cannot be run.
	require.NoError(t, exec.CommandContext(t.Context(), "cp", ourBinary(t), binary).Run())
	require.NoError(t, account.Own(binary))

	started := startChild(t, binary, filepath.Join(folder, "data"), account.Credential)
	require.Equal(t, filepath.Join(folder, "data", "postgres"), started.dir)
	require.Equal(t, "1", query(t, started.url, "select '1'"))
	require.NoError(t, started.input.Close())
	require.NoError(t, started.command.Wait())
	require.Empty(t, child.WorkingIn(started.dir, "postgres"))
}
