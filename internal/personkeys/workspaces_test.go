package personkeys_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/internal/personkeys"
	"behalf/internal/testkit"
)

func sealContent(t *testing.T, keys *personkeys.Keys, ws domain.WorkspaceID, says string) personal.Text {
	t.Helper()
	text := personal.Workspace(ws).Says(says).At(place)
	require.NoError(t, keys.Seal(t.Context(), &text))
	require.NotContains(t, string(text.Ciphertext()), says)
	return text
}

// recordDeletion has the log call a workspace deleted.
func recordDeletion(t *testing.T, super *pgxpool.Pool, ws domain.WorkspaceID) {
	t.Helper()
	_, err := super.Exec(t.Context(), `
		insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
		values ($1, $2, 1, gen_random_uuid(), 'workspace.deleted.v1', '{}', '{}', now())`,
		[16]byte(ws), domain.StreamOf(domain.WorkspaceStreams, ws).String())
	require.NoError(t, err)
}

// R13: the key goes once the log calls the workspace deleted, no sooner, and
// nobody else's with it; not even that of a person with the very same id.
func TestDestroyWorkspaces(t *testing.T) {
	t.Parallel()
	super := testkit.Postgres(t)
	signal := newWire()
	keys := open(t, under(t, super, "behalf_engine"), personkeys.Options{Erased: signal})
	elsewhere := open(t, under(t, super, "behalf_api"), personkeys.Options{Erased: signal})
	gone, stays := domain.WorkspaceID(uuid.Must(uuid.NewV7())), domain.WorkspaceID(uuid.Must(uuid.NewV7()))
	ofGone, ofStays := sealContent(t, elsewhere, gone, "Hello"), sealContent(t, keys, stays, "Good morning")
	namesake := seal(t, keys, domain.UserID(gone), "carl@example.com")

	destroyed, err := keys.DestroyWorkspaces(t.Context())
	require.NoError(t, err)
	require.Empty(t, destroyed, "the log calls none deleted")
	require.Equal(t, "Hello", reveal(t, elsewhere, ofGone))

	recordDeletion(t, super, gone)
	destroyed, err = keys.DestroyWorkspaces(t.Context())
	require.NoError(t, err)
	require.Equal(t, []domain.WorkspaceID{gone}, destroyed)
	require.Equal(t, personal.Deleted, reveal(t, keys, ofGone))
	require.Equal(t, personal.Deleted, reveal(t, elsewhere, ofGone), "it was told")
	require.Equal(t, "Good morning", reveal(t, keys, ofStays))
	require.Equal(t, "carl@example.com", reveal(t, keys, namesake))

	late := personal.Workspace(gone).Says("late").At(place)
	require.NoError(t, elsewhere.Seal(t.Context(), &late))
	require.Equal(t, personal.Deleted, late.Reveal(), "it never gets another key")
	destroyed, err = keys.DestroyWorkspaces(t.Context())
	require.NoError(t, err)
	require.Empty(t, destroyed, "doing it again changes nothing")
}

// No role that a process runs under can destroy, bring back or change a
// workspace's key but by the function that asks the log.
func TestNobodyElseDestroysKeysOfWorkspaces(t *testing.T) {
	t.Parallel()
	super, ws := testkit.Postgres(t), domain.WorkspaceID(uuid.Must(uuid.NewV7()))
	text := sealContent(t, open(t, super, personkeys.Options{}), ws, "Hello")
	for _, role := range []string{"behalf_api", "behalf_engine"} {
		for _, statement := range []string{
			"delete from persons.workspace_keys",
			"truncate persons.workspace_keys",
			"update persons.workspace_keys set wrapped = null, destroyed_at = now()",
			"insert into persons.workspace_keys (workspace, destroyed_at) values (gen_random_uuid(), now())",
			"drop table persons.workspace_keys",
		} {
			_, err := under(t, super, role).Exec(t.Context(), statement)
			require.ErrorContains(t, err, "SQLSTATE 42501", "%s: %s", role, statement)
		}
	}
	require.Equal(t, "Hello", reveal(t, open(t, super, personkeys.Options{}), text))
}
