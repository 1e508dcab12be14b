package conformance

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
)

// separatesWorkspaces: what has been loaded for one scope is nothing for another.
func separatesWorkspaces(t *testing.T, log Log) {
	mine, team := Workspace()
	theirs, _ := Workspace()
	me, they := Actor(), Actor()
	article, diary := Article(), domain.StreamOf(domain.UserStreams, me.User)
	stands(t, log, eventstore.Request{
		Workspace: mine,
		Expected:  map[domain.Stream]int{team: 0, article: 0, diary: 0},
		Changes: append(append(domain.On(team, Joined{1}), domain.On(article, Posted{1})...),
			domain.On(diary, Greeted{"hello"})...),
	})
	for _, scope := range []struct {
		eventstore.Scope
		sees map[domain.Stream]int
	}{
		{eventstore.Scope{Workspace: mine, User: me.User}, map[domain.Stream]int{team: 1, article: 1, diary: 1}},
		{eventstore.Scope{Workspace: theirs, User: they.User}, map[domain.Stream]int{team: 0, article: 0, diary: 0}},
		{eventstore.Scope{Workspace: mine, User: they.User}, map[domain.Stream]int{team: 1, article: 1, diary: 0}},
		{eventstore.Scope{User: me.User}, map[domain.Stream]int{team: 0, article: 0, diary: 1}},
		{eventstore.Scope{}, map[domain.Stream]int{team: 0, article: 0, diary: 0}},
	} {
		for range 2 { // whatever the first time has left behind
			loaded, err := log.Load(t.Context(), scope.Scope, team, article, diary)
			require.NoError(t, err)
			require.Equal(t, scope.sees, loaded.Versions)
			for stream, version := range scope.sees {
				require.Len(t, domain.Fact[*Team](loaded.Facts, stream).Events, version)
				require.Len(t, history(t, log, scope.Scope, stream, eventstore.UpTo{}), version)
			}
		}
	}
	// a command in another workspace does not decide on what it may not see
	_, err := log.Execute(t.Context(), eventstore.Call{Type: Post(Article(), team, 1), Workspace: theirs, By: they})
	require.ErrorIs(t, err, domain.R64)
}

func readsAsOf(t *testing.T, log Log) {
	id, team := Workspace()
	scope := eventstore.Scope{Workspace: id}
	first := stands(t, log, On(team, 0, Joined{1}, Joined{2}))
	second := stands(t, log, On(team, 2, Left{1}))
	all := append(append([]eventstore.Recorded{}, first...), second...)
	require.Equal(t, all, history(t, log, scope, team, eventstore.UpTo{}))
	require.Equal(t, all[:1], history(t, log, scope, team, eventstore.UpTo{Position: first[0].Position}))
	require.Equal(t, first, history(t, log, scope, team, eventstore.UpTo{Position: second[0].Position - 1}))
	require.Equal(t, all, history(t, log, scope, team, eventstore.UpTo{Instant: second[0].RecordedAt}))
	require.Empty(t, history(t, log, scope, team, eventstore.UpTo{Instant: first[0].RecordedAt.Add(-1)}))
	require.Empty(t, history(t, log, scope, Article(), eventstore.UpTo{}))
}
