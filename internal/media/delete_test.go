package media_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/internal/media"
)

// Somebody writes a post with a medium while somebody else deletes it: whoever comes
// second is refused, and no post is left without its medium.
func TestDeletedWhileItIsNamed(t *testing.T) {
	t.Parallel()
	r := open(t, standard)
	item := r.receive(t, picture(t, 10, 10))
	naming, err := r.admin.Begin(t.Context()) // as Use does
	require.NoError(t, err)
	defer func() { _ = naming.Rollback(t.Context()) }()
	_, err = naming.Exec(t.Context(), "update media.items set touched_at = clock_timestamp() where id = $1", [16]byte(item.ID))
	require.NoError(t, err)

	deleted := make(chan error, 1)
	go func() { deleted <- r.api.Delete(t.Context(), r.workspace, item.ID) }()
	require.Eventually(t, func() bool {
		var waits bool
		err := r.admin.QueryRow(t.Context(), `
			select exists (
				select
				from pg_stat_activity
				where datname = current_database()
				and wait_event_type = 'Lock'
			)`).Scan(&waits)
		return err == nil && waits
	}, 20*time.Second, 5*time.Millisecond)
	require.NoError(t, naming.Commit(t.Context()))

	require.ErrorIs(t, <-deleted, &domain.Refusal{Code: "media_in_use"})
	found, err := r.api.Find(t.Context(), r.workspace, []domain.MediaID{item.ID})
	require.NoError(t, err)
	require.Contains(t, found, item.ID)
	require.NotEmpty(t, read(t, r, item, media.Content))

	r.ago(t, item.ID, "touched_at", time.Minute)
	require.NoError(t, r.api.Delete(t.Context(), r.workspace, item.ID))
	named, err := r.api.Use(t.Context(), r.workspace, []domain.MediaID{item.ID})
	require.NoError(t, err)
	require.Empty(t, named)
	require.NoError(t, r.api.Delete(t.Context(), r.workspace, item.ID), "what is gone is no error")
}
