package promises

import (
	"testing"
	"time"

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

// The clock was an hour ahead while an event was written. The past of the moment
// after it ends before that event: it has no hole in which what came later stands.
func TestAWrongClockMakesNoHole(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, team := workspace()
	var events []eventstore.Recorded
	for member := range 4 {
		events = append(events, append1(t, db.store, on(team, member, joined{member}))...)
	}
	for _, statement := range []string{
		`alter table log.events disable trigger append_only`,
		`update log.events set recorded_at = recorded_at + interval '1 hour' where position = (select min(position) + 1 from log.events)`,
		`alter table log.events enable always trigger append_only`,
	} {
		_, err := db.super.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	require.Equal(t, events[:1], until(t, db.store, eventstore.Scope{}, team, eventstore.UpTo{Instant: events[3].RecordedAt}))
	require.Len(t, until(t, db.store, eventstore.Scope{}, team, eventstore.UpTo{Instant: events[3].RecordedAt.Add(2 * time.Hour)}), 4)
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
