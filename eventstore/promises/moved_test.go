package promises

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
)

// Moved sees every event since the streams were loaded, the first of a stream
// that was not there included, and nothing of other streams.
func TestMoved(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	_, elsewhere := workspace()
	article := post()
	append1(t, db.public, on(team, 0, joined{1}))
	scope := eventstore.Scope{Workspace: id}
	loaded, err := db.public.Load(t.Context(), scope, team, article)
	require.NoError(t, err)

	moved := func() bool {
		t.Helper()
		moved, err := db.public.Moved(t.Context(), scope, loaded)
		require.NoError(t, err)
		return moved
	}
	require.False(t, moved())
	append1(t, db.public, on(elsewhere, 0, joined{1}))
	require.False(t, moved())
	append1(t, db.public, eventstore.Request{
		Workspace: id, Expected: map[domain.Stream]int{article: 0}, Changes: domain.On(article, posted{1}),
	})
	require.True(t, moved())
	loaded, err = db.public.Load(t.Context(), scope, team, article)
	require.NoError(t, err)
	require.False(t, moved())
	append1(t, db.public, on(team, 1, joined{2}))
	require.True(t, moved())
}
