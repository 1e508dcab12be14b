package outcome_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/scenario"
	"behalf/domain/scenario/posts"
)

func TestReleaseTarget(t *testing.T) {
	t.Parallel()
	again := posts.Now.Add(time.Minute)
	released := post.TargetReleased{
		Account: scenario.News, Attempt: posts.Attempt, Code: "rate_limited", Detail: "Too many requests.", NotBefore: again,
	}
	release := outcome.ReleaseTarget{AttemptRef: posts.OnNews, Code: "rate_limited", Detail: "Too many requests.", NotBefore: again}
	posts.Given(t, posts.Claimed()).When(posts.System, release).Then(released)

	release.NotBefore = again.In(time.FixedZone("CET", 3600))
	posts.Given(t, posts.Claimed()).When(posts.System, release).Then(released)
}

// The next attempt waits, and the time that the grace counts from stays (R56).
func TestReleasedTargetWaits(t *testing.T) {
	t.Parallel()
	var p post.Post
	for _, change := range append(posts.Claimed(), posts.OnPost(post.TargetReleased{Account: scenario.News, NotBefore: posts.Later})...) {
		p.Evolve(change.Event)
	}
	target := p.Targets[scenario.News]
	require.Equal(t, post.Due, target.State)
	require.Equal(t, posts.Now, target.Due)
	require.Equal(t, posts.Later, target.NotBefore)
}

func TestReleaseTargetLate(t *testing.T) {
	t.Parallel()
	posts.ChangesNothingLate(t, outcome.ReleaseTarget{AttemptRef: posts.OnNews, Code: "moved", NotBefore: posts.Now})
}
