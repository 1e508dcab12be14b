package personkeys_test

import (
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/internal/personkeys"
	"behalf/internal/testkit"
)

// program runs one of Postgres's own programs, as docs/backup.md does.
func program(t *testing.T, name string, arguments ...string) {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	require.NoError(t, err)
	if onPath, err := exec.LookPath(name); err == nil {
		found = append(found, onPath)
	}
	require.NotEmpty(t, found, "%s comes with Postgres", name)
	said, err := exec.CommandContext(t.Context(), found[0], arguments...).CombinedOutput()
	require.NoError(t, err, "%s", said)
}

// known puts somebody into the index of addresses.
func known(t *testing.T, super *pgxpool.Pool, person domain.UserID) {
	t.Helper()
	_, err := super.Exec(t.Context(), `
		insert into signin.people (address_hash, person)
		values (sha256($1::uuid::text::bytea), $1)`, [16]byte(person))
	require.NoError(t, err)
}

// An ordinary backup holds no key. Restored together with a newer backup of the
// keys, it does not bring back who was erased between the two.
func TestBackups(t *testing.T) {
	t.Parallel()
	super := testkit.Postgres(t)
	keys := open(t, super, personkeys.Options{})
	carl, olivia := someone(), someone()
	ofCarl, ofOlivia := seal(t, keys, carl, "carl@example.com"), seal(t, keys, olivia, "olivia@example.com")
	known(t, super, carl)
	known(t, super, olivia)
	acme := domain.WorkspaceID(someone())
	ofAcme := sealContent(t, keys, acme, "Hello")
	var wrapped, wrappedAcme []byte
	require.NoError(t, super.QueryRow(t.Context(), "select wrapped from persons.keys where person = $1", [16]byte(carl)).Scan(&wrapped))
	require.NoError(t, super.QueryRow(t.Context(), "select wrapped from persons.workspace_keys where workspace = $1", [16]byte(acme)).Scan(&wrappedAcme))

	ordinary, readable, ofKeys := filepath.Join(t.TempDir(), "behalf.dump"), filepath.Join(t.TempDir(), "behalf.sql"), filepath.Join(t.TempDir(), "keys.dump")
	from := testkit.PostgresURL(t, super)
	program(t, "pg_dump", "--format=custom", "--exclude-table-data=persons.*keys", "--file="+ordinary, from)
	program(t, "pg_dump", "--exclude-table-data=persons.*keys", "--file="+readable, from)
	content, err := os.ReadFile(readable)
	require.NoError(t, err)
	require.Contains(t, string(content), "persons.keys", "the table is there")
	require.NotContains(t, string(content), hex.EncodeToString(wrapped), "its content is not")
	require.NotContains(t, string(content), hex.EncodeToString(wrappedAcme), "nor that of the workspaces' keys")
	record(t, super, carl)
	_, err = keys.Erase(t.Context())
	require.NoError(t, err)
	program(t, "pg_dump", "--format=custom", "--data-only", "--table=persons.*keys", "--file="+ofKeys, from)

	restored := testkit.EmptyPostgres(t)
	program(t, "pg_restore", "--exit-on-error", "--dbname="+testkit.PostgresURL(t, restored), ordinary)
	without := open(t, restored, personkeys.Options{})
	require.Equal(t, personal.Erased, reveal(t, without, ofOlivia), "nobody can be read without the keys")
	program(t, "pg_restore", "--exit-on-error", "--dbname="+testkit.PostgresURL(t, restored), ofKeys)

	with := open(t, restored, personkeys.Options{})
	require.Equal(t, personal.Erased, reveal(t, with, ofCarl), "although this log does not know of it")
	require.Equal(t, "olivia@example.com", reveal(t, with, ofOlivia))
	require.Equal(t, "Hello", reveal(t, with, ofAcme))
	erased, err := with.Erase(t.Context())
	require.NoError(t, err)
	require.Equal(t, []domain.UserID{carl}, erased, "their row in the index had come back")
	var left int
	require.NoError(t, restored.QueryRow(t.Context(), "select count(*) from signin.people").Scan(&left))
	require.Equal(t, 1, left)
}
