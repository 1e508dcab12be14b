package workerstest

import (
	"os/exec"
	"path/filepath"

	"github.com/stretchr/testify/require"

	"behalf/internal/testkit"
)

// Backup makes a backup of the database as it is now, and answers its file.
func (w *World) Backup() string {
	w.Helper()
	file := filepath.Join(w.TempDir(), "behalf.dump")
	w.program("pg_dump", "--format=custom", "--file="+file, testkit.PostgresURL(w, w.Pool))
	return file
}

// Restore makes a world of a backup: another database, and everything outside
// of it as it has become since.
func (w *World) Restore(file string) *World {
	w.Helper()
	admin := testkit.EmptyPostgres(w)
	w.program("pg_restore", "--exit-on-error", "--dbname="+testkit.PostgresURL(w, admin), file)
	restored := *w
	restored.openLog(admin)
	restored.follow()
	return &restored
}

// program runs one of Postgres's own programs, as docs/backup.md does.
func (w *World) program(name string, arguments ...string) {
	w.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	require.NoError(w, err)
	if onPath, err := exec.LookPath(name); err == nil {
		found = append(found, onPath)
	}
	require.NotEmpty(w, found, "%s comes with Postgres", name)
	said, err := exec.CommandContext(w.Ctx, found[0], arguments...).CombinedOutput()
	require.NoError(w, err, "%s", said)
}
