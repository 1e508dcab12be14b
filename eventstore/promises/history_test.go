package promises

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
)

func history(t testing.TB, store *eventstore.Store, scope eventstore.Scope, stream domain.Stream) []eventstore.Recorded {
	t.Helper()
	return until(t, store, scope, stream, eventstore.UpTo{})
}

func until(t testing.TB, store *eventstore.Store, scope eventstore.Scope, stream domain.Stream, upTo eventstore.UpTo) []eventstore.Recorded {
	t.Helper()
	var events []eventstore.Recorded
	for event, err := range store.Read(t.Context(), scope, stream, upTo) {
		require.NoError(t, err)
		events = append(events, event)
	}
	return events
}

func TestHistoryAsOf(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	const pages = 1100 // more than two pages of Read
	written := make([]domain.Event, pages)
	for i := range written {
		written[i] = joined{i}
	}
	first := append1(t, db.store, on(team, 0, written...))
	second := append1(t, db.store, on(team, pages, removed{7}))

	scope := eventstore.Scope{Workspace: id}
	require.Equal(t, append(first, second...), history(t, db.public, scope, team))
	require.Equal(t, first, until(t, db.public, scope, team, eventstore.UpTo{Position: second[0].Position - 1}))
	require.Equal(t, first, until(t, db.public, scope, team, eventstore.UpTo{Instant: first[0].RecordedAt}))

	before, version, err := db.public.StateAt(t.Context(), scope, team, eventstore.UpTo{Instant: first[0].RecordedAt})
	require.NoError(t, err)
	require.Equal(t, pages, version)
	require.True(t, before.(*folded).has(7))
	after, _, err := db.public.StateAt(t.Context(), scope, team, eventstore.UpTo{})
	require.NoError(t, err)
	require.False(t, after.(*folded).has(7))
}

func TestHistoryEndsWithTheReader(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, team := workspace()
	append1(t, db.store, on(team, 0, joined{1}, joined{2}))
	for event, err := range db.store.Read(t.Context(), eventstore.Scope{}, team, eventstore.UpTo{}) {
		require.NoError(t, err)
		require.Equal(t, 1, event.Version)
		break
	}
}
