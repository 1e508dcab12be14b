package promises

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
)

// A glimpse knows what this process does, and learns in somebody else's batch
// what is true; each batch anew. Of another log's past it says nothing.
func TestGlimpse(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	append1(t, db.store, on(team, 0, joined{1}))
	scope := eventstore.Scope{Workspace: id}
	glimpse, err := db.public.Glimpse(scope, team)
	require.NoError(t, err)
	require.Zero(t, glimpse.Known().Versions[team], "nothing was asked yet")
	_, answered := glimpse.Loaded()
	require.False(t, answered)

	look := func(glimpse *eventstore.Glimpse) (eventstore.Loaded, bool) {
		batch := &pgx.Batch{}
		scope.Queue(batch)
		glimpse.Queue(batch)
		require.NoError(t, db.api.SendBatch(t.Context(), batch).Close())
		return glimpse.Loaded()
	}
	for version := 1; version <= 3; version++ {
		for range 2 { // the same glimpse looks again and again
			seen, answered := look(glimpse)
			require.True(t, answered)
			require.Equal(t, version, seen.Versions[team])
			loaded, err := db.public.Load(t.Context(), scope, team)
			require.NoError(t, err)
			require.Equal(t, loaded, seen)
		}
		require.Zero(t, glimpse.Known().Versions[team], "it stays what it was made as")
		append1(t, db.store, on(team, version, joined{version + 1}))
	}
	require.Equal(t, domain.Facts{team: glimpse.Known().Facts[team]}, glimpse.Known().Facts)

	newer, err := db.public.Glimpse(scope, team)
	require.NoError(t, err)
	require.Equal(t, 3, newer.Known().Versions[team])
	_, err = db.super.Exec(t.Context(), `
		alter table log.events disable trigger all;
		delete from log.events where version >= 3`)
	require.NoError(t, err)
	_, answered = look(newer)
	require.False(t, answered, "the log is another one: an older backup")
	forgotten, err := db.public.Glimpse(scope, team)
	require.NoError(t, err)
	require.Zero(t, forgotten.Known().Versions[team])
}
