package promises

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
)

// What was decided can be checked again right before the deed.
func TestMovedSeesEveryStreamOfADecision(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	article := post()
	append1(t, db.store, on(team, 0, joined{1}))
	scope := eventstore.Scope{Workspace: id}
	loaded, err := db.public.Load(t.Context(), scope, team, article)
	require.NoError(t, err)
	requireMoved := func(want bool) {
		t.Helper()
		for _, store := range []*eventstore.Store{db.public, db.store} {
			moved, err := store.Moved(t.Context(), scope, loaded)
			require.NoError(t, err)
			require.Equal(t, want, moved)
		}
	}
	requireMoved(false)
	append1(t, db.store, eventstore.Request{
		Workspace: id, Expected: map[domain.Stream]int{article: 0}, Changes: domain.On(article, posted{1}),
	})
	requireMoved(true)
	loaded, err = db.public.Load(t.Context(), scope, team, article)
	require.NoError(t, err)
	requireMoved(false)
	append1(t, db.store, on(team, 1, removed{1}))
	requireMoved(true)
}

// Whoever has to do something impure before a command asks for its answer first.
func TestAnsweredBeforeExecuting(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	by := user()
	key := eventstore.NewCommandKey(by.User, id, "k", []byte("body"))
	call := eventstore.Call{Type: join(team, 1), Workspace: id, By: by, Key: &key}
	_, found, err := db.public.Answered(t.Context(), call)
	require.NoError(t, err)
	require.False(t, found)

	first, err := db.public.Execute(t.Context(), call)
	require.NoError(t, err)
	again, found, err := db.public.Answered(t.Context(), call)
	require.NoError(t, err)
	require.True(t, found)
	require.True(t, again.Repeated)
	require.Equal(t, first.Events, again.Events)

	other := eventstore.NewCommandKey(by.User, id, "k", []byte("another body"))
	call.Key = &other
	_, found, err = db.public.Answered(t.Context(), call)
	require.ErrorIs(t, err, eventstore.ErrKeyReused)
	require.False(t, found)
	call.Key = nil
	_, found, err = db.public.Answered(t.Context(), call)
	require.NoError(t, err)
	require.False(t, found)
}
