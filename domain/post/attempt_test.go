package post

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R58: the targets of a post go their own ways.
func TestTargetsAreIndependent(t *testing.T) {
	t.Parallel()
	for state, end := range ends() {
		var p Post
		for _, change := range append(claimed(), onPost(end)...) {
			p.Evolve(change.Event)
		}
		require.Equal(t, state, p.Targets[scenario.News].State)
		require.Equal(t, Due, p.Targets[scenario.Blog].State)
	}
}

func TestRunningAttempt(t *testing.T) {
	t.Parallel()
	var p Post
	for _, change := range claimed() {
		p.Evolve(change.Event)
	}
	target, running, err := onNews.running(p, system)
	require.NoError(t, err)
	require.True(t, running)
	require.Equal(t, carlsClaim(), target.Claim)

	_, running, err = AttemptRef{Post: thePost, Account: scenario.News, Attempt: another}.running(p, system)
	require.NoError(t, err)
	require.False(t, running, "another attempt is not this one")

	_, _, err = AttemptRef{Post: thePost, Account: scenario.Lost, Attempt: attempt}.running(p, system)
	require.ErrorIs(t, err, domain.R32)
}
