package devservices

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestServicesDieWithAKilledProcess(t *testing.T) {
	t.Parallel()
	onLinux(t)
	folder := openFolder(t)
	child := startChild(t, ourBinary(t), folder, nil)
	query(t, child.url, "create table kept as select 'yes' as answer")
	postmaster(t, child.dir)
	require.NoError(t, child.command.Process.Kill())
	require.Error(t, child.command.Wait())
	require.Eventually(t, func() bool { return len(workingIn(child.dir, "postgres")) == 0 }, patience, 10*time.Millisecond)

	services := start(t, Options{Dir: folder, SkipRedis: true})
	require.Equal(t, "yes", query(t, services.PostgresURL, "select answer from kept"))
}

func TestTheNextThrowawaySweepsWhatAKilledProcessLeft(t *testing.T) {
	t.Parallel()
	onLinux(t)
	child := startChild(t, ourBinary(t), "throwaway", nil)
	living := start(t, Options{Throwaway: true, SkipRedis: true})
	require.NoError(t, child.command.Process.Kill())
	require.Error(t, child.command.Wait())

	start(t, Options{Throwaway: true, SkipRedis: true})
	require.Empty(t, workingIn(child.dir, "postgres"))
	require.NoDirExists(t, filepath.Dir(child.dir))
	require.Equal(t, "1", query(t, living.PostgresURL, "select '1'"), "what is in use stays")
}

func TestOnlyWhatWorksInOurFolderIsEnded(t *testing.T) {
	t.Parallel()
	onLinux(t)
	ours, elsewhere := sleeper(t, t.TempDir()), sleeper(t, t.TempDir())
	require.True(t, endLeftovers(ours.Dir, "other-program"))
	require.Len(t, workingIn(ours.Dir, "sleep"), 1, "another program may work there")

	require.True(t, endLeftovers(ours.Dir, "sleep"))
	require.Empty(t, workingIn(ours.Dir, "sleep"))
	require.Len(t, workingIn(elsewhere.Dir, "sleep"), 1)
}

// sleeper is a process that works in a folder until it is ended.
func sleeper(t *testing.T, folder string) *exec.Cmd {
	command := exec.CommandContext(t.Context(), "sleep", "600")
	command.Dir = folder
	require.NoError(t, command.Start())
	ended := make(chan struct{})
	go func() { // collects it at once: a zombie has no folder, but is still listed
		defer close(ended)
		_ = command.Wait()
	}()
	t.Cleanup(func() { <-ended })
	return command
}

func TestServicesRunWithoutPrivileges(t *testing.T) {
	t.Parallel()
	onLinux(t)
	if os.Geteuid() != 0 {
		t.Skip("we are not root: there are no privileges to drop")
	}
	services := start(t, Options{Throwaway: true})
	pid := postmaster(t, services.PostgresDir)
	require.NotZero(t, ownerOf(t, filepath.Join("/proc", itoa(pid))))
	for _, redis := range workingIn(filepath.Join(filepath.Dir(services.PostgresDir), "redis"), "redis-server") {
		require.NotZero(t, ownerOf(t, filepath.Join("/proc", itoa(redis))))
	}
}

// The same program started by somebody who is not root, from a place that they reach.
func TestAnUnprivilegedUserStartsServices(t *testing.T) {
	t.Parallel()
	onLinux(t)
	if os.Geteuid() != 0 {
		t.Skip("every other test here shows it")
	}
	account, err := serviceAccount()
	require.NoError(t, err)
	folder := openFolder(t)
	require.NoError(t, account.folder(folder))
	binary := filepath.Join(folder, "services")
	// By another process: a file that this one had open for writing could still be
	// open in some child of a test beside this one, and then cannot be run.
	require.NoError(t, exec.CommandContext(t.Context(), "cp", ourBinary(t), binary).Run())
	require.NoError(t, account.own(binary))

	child := startChild(t, binary, filepath.Join(folder, "data"), account.credential)
	require.Equal(t, filepath.Join(folder, "data", "postgres"), child.dir)
	require.Equal(t, "1", query(t, child.url, "select '1'"))
	require.NoError(t, child.input.Close())
	require.NoError(t, child.command.Wait())
	require.Empty(t, workingIn(child.dir, "postgres"))
}

func onLinux(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
}
