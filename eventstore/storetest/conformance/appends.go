package conformance

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/codec"
)

func answersWhatStands(t *testing.T, log Log) {
	id, team := Workspace()
	article := Article()
	events := stands(t, log, eventstore.Request{
		Workspace: id,
		Expected:  map[domain.Stream]int{team: 0, article: 0},
		Changes:   append(append(domain.On(team, Joined{1}), domain.On(article, Posted{1})...), domain.On(team, Joined{2})...),
		Metadata:  eventstore.Metadata{Part: "test", Correlation: "c"},
	})
	require.Len(t, events, 3)
	require.Equal(t, []int{1, 1, 2}, []int{events[0].Version, events[1].Version, events[2].Version})
	require.Less(t, events[0].Position, events[1].Position)
	require.Less(t, events[1].Position, events[2].Position)

	scope := eventstore.Scope{Workspace: id}
	require.Equal(t, []eventstore.Recorded{events[0], events[2]}, history(t, log, scope, team, eventstore.UpTo{}))
	require.Equal(t, events[1:2], history(t, log, scope, article, eventstore.UpTo{}))
	loaded, err := log.Load(t.Context(), scope, team, article)
	require.NoError(t, err)
	require.Equal(t, map[domain.Stream]int{team: 2, article: 1}, loaded.Versions)
	require.Equal(t, events[2].Position, loaded.Position)
	require.Equal(t, []int{1, 2}, domain.Fact[*Team](loaded.Facts, team).Members)
}

func conflictsAlone(t *testing.T, log Log) {
	_, first := Workspace()
	id, second := Workspace()
	_, third := Workspace()
	stands(t, log, On(second, 0, Joined{1}))
	outcomes, err := log.Append(t.Context(), On(first, 0, Joined{1}), On(second, 0, Joined{2}), On(third, 0, Joined{3}))
	require.NoError(t, err)
	require.NoError(t, outcomes[0].Err)
	require.NoError(t, outcomes[2].Err)
	require.ErrorIs(t, outcomes[1].Err, eventstore.ErrConflict)
	require.Equal(t, &eventstore.ConflictError{Stream: second, Expected: 0, Actual: 1, Written: true}, outcomes[1].Err)
	require.Empty(t, outcomes[1].Events)
	require.Len(t, history(t, log, eventstore.Scope{Workspace: id}, second, eventstore.UpTo{}), 1)
}

func provesReads(t *testing.T, log Log) {
	id, team := Workspace()
	article := Article()
	stands(t, log, On(team, 0, Joined{1}, Left{1}))
	request := eventstore.Request{
		Workspace: id, Expected: map[domain.Stream]int{team: 1, article: 0}, Changes: domain.On(article, Posted{1}),
	}
	outcomes, err := log.Append(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, &eventstore.ConflictError{Stream: team, Expected: 1, Actual: 2}, outcomes[0].Err)
	request.Expected[team] = 2
	stands(t, log, request)
}

func provesWithoutChanges(t *testing.T, log Log) {
	_, team := Workspace()
	stands(t, log, On(team, 0, Joined{1}))
	require.Empty(t, stands(t, log, eventstore.Request{Expected: map[domain.Stream]int{team: 1}}))
	outcomes, err := log.Append(t.Context(), eventstore.Request{Expected: map[domain.Stream]int{team: 0}})
	require.NoError(t, err)
	require.ErrorIs(t, outcomes[0].Err, eventstore.ErrConflict)
}

type unregistered struct{}

func (unregistered) EventType() string { return "workspace.unregistered.v1" }

func refuses(t *testing.T, log Log) {
	id, team := Workspace()
	article := Article()
	stands(t, log, eventstore.Request{
		Workspace: id, Expected: map[domain.Stream]int{article: 0}, Changes: domain.On(article, Posted{1}),
	})
	_, err := log.Append(t.Context(), On(team, 0, Joined{1}), On(team, 1, Joined{2}))
	require.ErrorIs(t, err, eventstore.ErrOverlap)
	_, err = log.Append(t.Context(), On(team, 0, Joined{1}), eventstore.Request{Expected: map[domain.Stream]int{team: 0}})
	require.ErrorIs(t, err, eventstore.ErrOverlap)
	_, err = log.Append(t.Context(), On(team, 0, unregistered{}))
	require.ErrorIs(t, err, codec.ErrUnknownType)
	_, err = log.Append(t.Context(), On(Article(), 0, Posted{1}))
	require.Error(t, err, "no workspace is named")
	_, err = log.Append(t.Context(), eventstore.Request{Changes: domain.On(team, Joined{1})})
	require.Error(t, err, "no version is named")

	other, _ := Workspace()
	theft := eventstore.Request{
		Workspace: other, Expected: map[domain.Stream]int{article: 1}, Changes: domain.On(article, Posted{2}),
	}
	outcomes, err := log.Append(t.Context(), On(team, 0, Joined{1}), theft)
	require.NoError(t, err)
	require.Len(t, outcomes[0].Events, 1, "the other request stands")
	require.Error(t, outcomes[1].Err)
	require.Len(t, history(t, log, eventstore.Scope{Workspace: id}, article, eventstore.UpTo{}), 1)
}
