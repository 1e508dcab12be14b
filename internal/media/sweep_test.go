package media_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/internal/media"
)

// named are the media that posts name.
type named map[domain.MediaID]bool

func (n named) Used(context.Context, []domain.MediaID) (map[domain.MediaID]bool, error) {
	return n, nil
}

// ago moves what is known of an item into the past.
func (r *room) ago(t *testing.T, id domain.MediaID, column string, age time.Duration) {
	t.Helper()
	tag, err := r.admin.Exec(t.Context(), "update media.items set "+column+" = clock_timestamp() - $2::interval where id = $1", [16]byte(id), age)
	require.NoError(t, err)
	require.Equal(t, int64(1), tag.RowsAffected())
}

const day = 24 * time.Hour

func TestSweepUnused(t *testing.T) {
	t.Parallel()
	r := open(t, standard)
	file := picture(t, 10, 10)
	fresh, never, used, lately, formerly, about := r.receive(t, file), r.receive(t, file), r.receive(t, file), r.receive(t, file), r.receive(t, file), r.receive(t, file)
	for _, item := range []media.Item{never, used, lately, formerly, about} {
		r.ago(t, item.ID, "touched_at", 40*day)
	}
	r.ago(t, lately.ID, "used_at", 29*day)
	r.ago(t, formerly.ID, "used_at", 31*day)
	_, err := r.api.Use(t.Context(), r.workspace, []domain.MediaID{about.ID}) // somebody writes a post with it at this moment
	require.NoError(t, err)

	require.ErrorIs(t, r.api.Delete(t.Context(), r.workspace, about.ID), &domain.Refusal{Code: "media_in_use"})

	swept, err := r.engine.Sweep(t.Context(), named{used.ID: true}, media.StandardAges())
	require.NoError(t, err)
	require.Equal(t, media.Swept{Unused: 2}, swept)
	left, err := r.api.Find(t.Context(), r.workspace, []domain.MediaID{fresh.ID, never.ID, used.ID, lately.ID, formerly.ID, about.ID})
	require.NoError(t, err)
	require.Len(t, left, 4)
	require.NotContains(t, left, never.ID)
	require.NotContains(t, left, formerly.ID)
	require.Equal(t, 4, r.rows(t))
	require.Equal(t, 8, r.files(t))

	swept, err = r.engine.Sweep(t.Context(), named{}, media.StandardAges())
	require.NoError(t, err)
	require.Zero(t, swept, "what was in use has 30 days from now on")
}

// Who cannot say what is used has nothing swept.
func TestSweepInDoubt(t *testing.T) {
	t.Parallel()
	r := open(t, standard)
	item := r.receive(t, picture(t, 10, 10))
	r.ago(t, item.ID, "touched_at", 40*day)
	_, err := r.engine.Sweep(t.Context(), doubt{}, media.StandardAges())
	require.ErrorIs(t, err, errDoubt)
	require.Equal(t, 2, r.files(t))
}

var errDoubt = errors.New("the view is behind")

type doubt struct{}

func (doubt) Used(context.Context, []domain.MediaID) (map[domain.MediaID]bool, error) {
	return nil, errDoubt
}

// Whoever dies between a row and its blobs, or between blobs and the end, leaves
// what a sweep finds: nothing stays that nobody knows.
func TestSweepWhatWasBrokenOff(t *testing.T) {
	t.Parallel()
	r := open(t, standard)
	for _, state := range []string{"arriving", "gone"} {
		item := r.receive(t, picture(t, 10, 10))
		_, err := r.admin.Exec(t.Context(), "update media.items set state = $2, request = null where id = $1", [16]byte(item.ID), state)
		require.NoError(t, err)
		half := filepath.Join(r.folder, hex.EncodeToString(r.workspace[:]), hex.EncodeToString(item.ID[:]), "half.tmp")
		require.NoError(t, os.WriteFile(half, []byte("half a picture"), 0o600), "what kill -9 leaves of a file that was being written")
		if state == "arriving" {
			_, err := r.engine.Sweep(t.Context(), named{}, media.StandardAges())
			require.NoError(t, err)
			require.Equal(t, 3, r.files(t), "it may still be on its way")
			r.ago(t, item.ID, "touched_at", 3*time.Hour)
		}
		_, err = r.engine.Sweep(t.Context(), named{}, media.StandardAges())
		require.NoError(t, err)
		require.Zero(t, r.files(t))
		require.Zero(t, r.rows(t))
	}
}

// R13: a deleted workspace's media are gone, whether that is asked for or the log says it.
func TestDeletedWorkspace(t *testing.T) {
	t.Parallel()
	r := open(t, standard)
	r.receive(t, picture(t, 10, 10))
	elsewhere := r.upload("")
	elsewhere.Workspace = domain.WorkspaceID{5}
	kept, _, err := r.api.Receive(t.Context(), elsewhere, bytes.NewReader(picture(t, 10, 10)))
	require.NoError(t, err)
	require.NoError(t, r.engine.DeleteWorkspace(t.Context(), r.workspace))
	require.Equal(t, 1, r.rows(t))
	require.Equal(t, 2, r.files(t))
	require.Equal(t, kept.Bytes, int64(len(read(t, r, kept, media.Content))))

	_, err = r.admin.Exec(t.Context(), `
		insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
		values ($1::uuid, 'workspace-' || replace($1::uuid::text, '-', ''), 9, gen_random_uuid(), 'workspace.deleted.v1', '{}', '{}', now())`,
		[16]byte(elsewhere.Workspace))
	require.NoError(t, err)
	swept, err := r.engine.Sweep(t.Context(), named{}, media.StandardAges())
	require.NoError(t, err)
	require.Equal(t, 1, swept.Deleted)
	require.Zero(t, r.files(t))
}
