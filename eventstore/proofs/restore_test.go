//go:build long

package proofs

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/storetest"
	"behalf/eventstore/storetest/conformance"
	"behalf/internal/devservices/programs"
)

// folder makes a folder that Postgres's user reaches too.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "behalf-proofs-") //nolint:usetesting // Postgres runs as another user, whom t.TempDir keeps out
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o711))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

// A dump is restored into a fresh cluster, whose transaction ids and positions
// in its write-ahead log begin anew. Subscriptions go on where they were:
// nothing is lost, nothing is given twice, and new appends follow the old ones.
func TestSubscriptionsGoOnInARestoredDatabase(t *testing.T) {
	t.Parallel()
	old := serve(t, folder(t))
	defer func() { require.NoError(t, old.Stop(context.WithoutCancel(t.Context()))) }()
	db := of(t, connect(t, old.PostgresURL))
	store := over(t, db.engine)
	storetest.Lead(t, store)
	_, team := conformance.Workspace()
	stop := note(t, store, "ahead")
	grow(t, store, team, 0, 120)
	settle(t, db, store, "ahead")
	stop()
	stopLate := note(t, store, "late")
	settle(t, db, store, "late")
	stopLate()
	grow(t, store, team, 120, 200) // nobody has read these

	fresh := serve(t, folder(t))
	defer func() { require.NoError(t, fresh.Stop(context.WithoutCancel(t.Context()))) }()
	connect(t, fresh.PostgresURL).Close() // makes the roles, which belong to the cluster
	copyDatabase(t, old.PostgresURL, fresh.PostgresURL)

	restored := of(t, connect(t, named(t, fresh.PostgresURL, "restored")))
	require.Equal(t, positions(t, db, `select position from log.events order by position`),
		positions(t, restored, `select position from log.events order by position`))
	again := over(t, restored.engine)
	storetest.Lead(t, again)
	note(t, again, "ahead")
	note(t, again, "late")
	note(t, again, "new")
	settle(t, restored, again, "ahead", "late", "new")
	grow(t, again, team, 200, 260)
	settle(t, restored, again, "ahead", "late", "new")
}

// grow puts events on a stream, from one version to another.
func grow(t *testing.T, store *eventstore.Store, team domain.Stream, from, to int) {
	t.Helper()
	for version := from; version < to; version++ {
		outcomes, err := store.Append(t.Context(), conformance.On(team, version, conformance.Joined{Member: version}))
		require.NoError(t, err)
		require.NoError(t, outcomes[0].Err)
	}
}

// copyDatabase dumps a database and restores it in another cluster, as "restored".
func copyDatabase(t *testing.T, from, to string) {
	t.Helper()
	dump := filepath.Join(t.TempDir(), "dump")
	pg(t, "pg_dump", "--format=custom", "--file="+dump, "--dbname="+from)
	admin := connect(t, to)
	_, err := admin.Exec(t.Context(), `create database restored`)
	require.NoError(t, err)
	pg(t, "pg_restore", "--exit-on-error", "--dbname="+named(t, to, "restored"), dump)
}

// pg runs one of Postgres's programs.
func pg(t *testing.T, program string, arguments ...string) {
	t.Helper()
	chosen, _ := programs.ChoosePostgres(t.Context(), programs.Find(t.Context()).Postgres, 0)
	out, err := exec.CommandContext(t.Context(), filepath.Join(chosen.Bin, program), arguments...).CombinedOutput()
	require.NoError(t, err, "%s: %s", program, out)
}

func named(t *testing.T, address, database string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	parsed.Path = "/" + database
	return parsed.String()
}
