package outcome_test

import (
	"testing"

	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/scenario"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

// R44: the target waits for the one person whose connection the attempt used.
func TestHoldTarget(t *testing.T) {
	t.Parallel()
	posts.Given(t, posts.Claimed()).
		When(posts.System, outcome.HoldTarget{AttemptRef: posts.OnNews, Code: "ExpiredToken", Detail: "The network no longer accepts it."}).
		Then(post.TargetNeedsReauthentication{
			Account: scenario.News, Attempt: posts.Attempt, Mode: workspace.OwnerMode, Holder: scenario.Olivia, Connection: posts.Olivias,
			Code: "ExpiredToken", Detail: "The network no longer accepts it.",
		})
}

func TestHoldTargetLate(t *testing.T) {
	t.Parallel()
	posts.ChangesNothingLate(t, outcome.HoldTarget{AttemptRef: posts.OnNews, Code: "ExpiredToken"})
}
