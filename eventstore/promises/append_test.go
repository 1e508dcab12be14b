package promises

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/codec"
)

func TestAppendAnswersWhatStands(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	article := post()
	request := eventstore.Request{
		Workspace: id,
		Expected:  map[domain.Stream]int{team: 0, article: 0},
		Changes:   append(domain.On(team, joined{1}, joined{2}), domain.On(article, posted{2})...),
		Metadata:  eventstore.Metadata{Part: "test", Command: "Join", Correlation: "c-1"},
	}
	events := append1(t, db.public, request)

	require.Len(t, events, 3)
	require.Equal(t, []int{1, 2, 1}, []int{events[0].Version, events[1].Version, events[2].Version})
	require.Less(t, events[0].Position, events[1].Position)
	require.Less(t, events[1].Position, events[2].Position)

	scope := eventstore.Scope{Workspace: id}
	require.Equal(t, events[:2], history(t, db.public, scope, team))
	require.Equal(t, events[2:], history(t, db.public, scope, article))

	loaded, err := db.public.Load(t.Context(), scope, team, article)
	require.NoError(t, err)
	require.Equal(t, map[domain.Stream]int{team: 2, article: 1}, loaded.Versions)
	require.Equal(t, events[2].Position, loaded.Position)
	require.True(t, domain.Fact[*folded](loaded.Facts, team).has(2))
}

func TestAConflictIsItsRequestsAlone(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, first := workspace()
	_, second := workspace()
	_, third := workspace()
	append1(t, db.store, on(second, 0, joined{1}))

	outcomes, err := db.store.Append(t.Context(), on(first, 0, joined{1}), on(second, 0, joined{2}), on(third, 0, joined{3}))
	require.NoError(t, err)
	require.NoError(t, outcomes[0].Err)
	require.NoError(t, outcomes[2].Err)
	require.Empty(t, outcomes[1].Events)
	require.ErrorIs(t, outcomes[1].Err, eventstore.ErrConflict)
	require.Equal(t, &eventstore.ConflictError{Stream: second, Expected: 0, Actual: 1, Written: true}, outcomes[1].Err)
	require.Len(t, history(t, db.store, eventstore.Scope{}, second), 1)
}

func TestAStaleReadIsAConflict(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	append1(t, db.store, on(team, 0, joined{1}, removed{1}))

	article := post()
	request := eventstore.Request{
		Workspace: id,
		Expected:  map[domain.Stream]int{team: 1, article: 0},
		Changes:   domain.On(article, posted{1}),
	}
	outcomes, err := db.store.Append(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, &eventstore.ConflictError{Stream: team, Expected: 1, Actual: 2}, outcomes[0].Err)
	require.Empty(t, history(t, db.store, eventstore.Scope{}, article))
}

func TestWhatMayNotBeAppended(t *testing.T) {
	t.Parallel()
	db := open(t)
	id, team := workspace()
	article := post()
	append1(t, db.store, eventstore.Request{
		Workspace: id, Expected: map[domain.Stream]int{article: 0}, Changes: domain.On(article, posted{1}),
	})

	_, err := db.store.Append(t.Context(), on(team, 0, joined{1}), on(team, 1, joined{2}))
	require.ErrorIs(t, err, eventstore.ErrOverlap)
	_, err = db.store.Append(t.Context(), on(team, 0, unregistered{}))
	require.ErrorIs(t, err, codec.ErrUnknownType)
	_, err = db.store.Append(t.Context(), on(post(), 0, posted{1}))
	require.ErrorContains(t, err, "belongs to a workspace")
	_, err = db.store.Append(t.Context(), eventstore.Request{Changes: domain.On(team, joined{1})})
	require.ErrorContains(t, err, "expected version is not named")

	// another workspace's stream spoils the call, and then falls alone
	other, _ := workspace()
	theft := eventstore.Request{
		Workspace: other, Expected: map[domain.Stream]int{article: 1}, Changes: domain.On(article, posted{2}),
	}
	outcomes, err := db.store.Append(t.Context(), on(team, 0, joined{1}), theft)
	require.NoError(t, err)
	require.Len(t, outcomes[0].Events, 1)
	require.ErrorContains(t, outcomes[1].Err, "another workspace")
	require.Len(t, history(t, db.store, eventstore.Scope{}, article), 1)
}

type unregistered struct{}

func (unregistered) EventType() string { return "workspace.unregistered.v1" }

// A model of four streams agrees with the log on every batch of requests.
func TestBatchesFollowTheModel(t *testing.T) {
	t.Parallel()
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		id, _ := workspace()
		streams := []domain.Stream{post(), post(), post(), post()}
		model := map[domain.Stream]int{}
		for range rapid.IntRange(1, 6).Draw(t, "batches") {
			var requests []eventstore.Request
			var stands []bool
			free := rapid.Permutation(streams).Draw(t, "streams")
			for len(free) > 0 {
				width := rapid.IntRange(1, len(free)).Draw(t, "width")
				request := eventstore.Request{Workspace: id, Expected: map[domain.Stream]int{}}
				stand := true
				for _, stream := range free[:width] {
					drift := rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "drift")
					request.Expected[stream] = model[stream] + drift
					stand = stand && drift == 0
					for range rapid.IntRange(0, 2).Draw(t, "events") {
						request.Changes = append(request.Changes, domain.Change{Stream: stream, Event: posted{len(requests)}})
					}
				}
				requests, stands, free = append(requests, request), append(stands, stand), free[width:]
			}
			outcomes, err := db.store.Append(t.Context(), requests...)
			require.NoError(t, err)
			for i, outcome := range outcomes {
				require.Equal(t, !stands[i], errors.Is(outcome.Err, eventstore.ErrConflict))
				for _, event := range outcome.Events {
					model[event.Stream]++
					require.Equal(t, model[event.Stream], event.Version)
				}
				if stands[i] {
					require.Len(t, outcome.Events, len(requests[i].Changes))
				}
			}
		}
		loaded, err := db.store.Load(t.Context(), eventstore.Scope{}, streams...)
		require.NoError(t, err)
		for _, stream := range streams {
			require.Equal(t, model[stream], loaded.Versions[stream])
		}
	})
}
