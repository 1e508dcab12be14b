package audit_test

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/sitetest"
)

// Ctrl-C ends every tool that takes long, wherever it is, and it does not say
// that all is well.
func TestToolsAreInterrupted(t *testing.T) {
	t.Parallel()
	ctx, a, _ := openSealed(t)
	tx, err := a.site.Database.Begin(ctx)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(ctx) }()
	_, err = tx.Exec(ctx, "lock table log.events in access exclusive mode") // so that they take for ever
	require.NoError(t, err)
	ws := "--workspace=" + a.site.Workspace
	for name, args := range map[string][]string{
		"verify": {"audit", "verify"}, "fsck": {"audit", "fsck"}, "log": {"audit", "log", ws}, "show": {"audit", "show", ws},
		"export": {"audit", "export", ws, "--out=" + filepath.Join(t.TempDir(), "acme.jsonl")},
	} {
		var said sitetest.Buffer
		process := sitetest.Command(ctx, t, a.site.Variables, append(args, "--data="+a.site.Settings.Data)...)
		process.Env = append(process.Env, "PGAPPNAME="+name)
		process.Stdout, process.Stderr = &said, &said
		require.NoError(t, process.Start())
		require.Eventually(t, func() bool {
			var waits bool
			err := a.site.Database.QueryRow(ctx, `
select exists (
	select
	from pg_stat_activity
	where datname = current_database()
		and application_name = $1
		and wait_event_type = 'Lock')`, name).Scan(&waits)
			return err == nil && waits
		}, sitetest.TestTime, 10*time.Millisecond, "%s: %s", name, &said)
		require.NoError(t, process.Process.Signal(syscall.SIGINT))
		require.Error(t, process.Wait())
		require.Equal(t, 1, process.ProcessState.ExitCode(), "%s: %s", name, &said)
		require.Contains(t, said.String(), "interrupted", name)
	}
}
