package post

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain/scenario"
)

func TestReleaseTarget(t *testing.T) {
	t.Parallel()
	again := now.Add(time.Minute)
	released := TargetReleased{
		Account: scenario.News, Attempt: attempt, Code: "rate_limited", Detail: "Too many requests.", NotBefore: again,
	}
	release := ReleaseTarget{AttemptRef: onNews, Code: "rate_limited", Detail: "Too many requests.", NotBefore: again}
	given(t, claimed()).When(system, release).Then(released)

	release.NotBefore = again.In(time.FixedZone("CET", 3600))
	given(t, claimed()).When(system, release).Then(released)
}

// The next attempt waits, and the time that the grace counts from stays (R56).
func TestReleasedTargetWaits(t *testing.T) {
	t.Parallel()
	var p Post
	for _, change := range append(claimed(), onPost(TargetReleased{Account: scenario.News, NotBefore: later})...) {
		p.Evolve(change.Event)
	}
	target := p.Targets[scenario.News]
	require.Equal(t, Due, target.State)
	require.Equal(t, now, target.Due)
	require.Equal(t, later, target.NotBefore)
}

func TestReleaseTargetLate(t *testing.T) {
	t.Parallel()
	changesNothingLate(t, ReleaseTarget{AttemptRef: onNews, Code: "moved", NotBefore: now})
}
