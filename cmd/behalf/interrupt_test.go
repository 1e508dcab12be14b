package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Ctrl-C ends every tool that takes long, wherever it is, and it does not say
// that all is well.
func TestToolsAreInterrupted(t *testing.T) {
	t.Parallel()
	ctx, a, _ := openSealed(t)
	self, err := os.Executable()
	require.NoError(t, err)
	tx, err := a.site.database.Begin(ctx)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(ctx) }()
	_, err = tx.Exec(ctx, "lock table log.events in access exclusive mode") // so that they take for ever
	require.NoError(t, err)
	ws := "--workspace=" + a.site.workspace
	for name, args := range map[string][]string{
		"verify": {"audit", "verify"}, "fsck": {"audit", "fsck"}, "log": {"audit", "log", ws}, "show": {"audit", "show", ws},
		"export": {"audit", "export", ws, "--out=" + filepath.Join(t.TempDir(), "acme.jsonl")},
	} {
		var said safeBuffer
		process := exec.CommandContext(ctx, self, append(args, "--data="+a.site.settings.Data)...)
		process.Env = append(os.Environ(), asProgram+"=1", "PGAPPNAME="+name)
		for name, value := range a.site.variables {
			process.Env = append(process.Env, name+"="+value)
		}
		process.Stdout, process.Stderr = &said, &said
		require.NoError(t, process.Start())
		require.Eventually(t, func() bool {
			var waits bool
			err := a.site.database.QueryRow(ctx, `
select exists (
	select
	from pg_stat_activity
	where datname = current_database()
		and application_name = $1
		and wait_event_type = 'Lock')`, name).Scan(&waits)
			return err == nil && waits
		}, testTime, 10*time.Millisecond, "%s: %s", name, &said)
		require.NoError(t, process.Process.Signal(syscall.SIGINT))
		require.Error(t, process.Wait())
		require.Equal(t, 1, process.ProcessState.ExitCode(), "%s: %s", name, &said)
		require.Contains(t, said.String(), "interrupted", name)
	}
}
