package outcome_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/scenario"
	"behalf/domain/scenario/posts"
)

// R58: the targets of a post go their own ways.
func TestTargetsAreIndependent(t *testing.T) {
	t.Parallel()
	for state, end := range posts.Ends() {
		var p post.Post
		for _, change := range append(posts.Claimed(), posts.OnPost(end)...) {
			p.Evolve(change.Event)
		}
		require.Equal(t, state, p.Targets[scenario.News].State)
		require.Equal(t, post.Due, p.Targets[scenario.Blog].State)
	}
}

func TestRunningAttempt(t *testing.T) {
	t.Parallel()
	var p post.Post
	for _, change := range posts.Claimed() {
		p.Evolve(change.Event)
	}
	target, running, err := posts.OnNews.Running(p, posts.System)
	require.NoError(t, err)
	require.True(t, running)
	require.Equal(t, posts.CarlsClaim(), target.Claim)

	_, running, err = outcome.AttemptRef{Post: posts.ThePost, Account: scenario.News, Attempt: posts.Another}.Running(p, posts.System)
	require.NoError(t, err)
	require.False(t, running, "another attempt is not this one")

	_, _, err = outcome.AttemptRef{Post: posts.ThePost, Account: scenario.Lost, Attempt: posts.Attempt}.Running(p, posts.System)
	require.ErrorIs(t, err, domain.R32)
}
