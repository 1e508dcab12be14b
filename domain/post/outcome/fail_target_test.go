package outcome_test

import (
	"testing"

	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/scenario"
	"behalf/domain/scenario/posts"
)

func TestFailTarget(t *testing.T) {
	t.Parallel()
	posts.Given(t, posts.Claimed()).
		When(posts.System, outcome.FailTarget{AttemptRef: posts.OnNews, Code: "too_long", Detail: "The text is too long."}).
		Then(post.TargetFailed{Account: scenario.News, Attempt: posts.Attempt, Author: scenario.Carl, Code: "too_long", Detail: "The text is too long."})
}

// The holder is named where it is their connection that may not do it.
func TestFailTargetForWantOfRights(t *testing.T) {
	t.Parallel()
	posts.Given(t, posts.Claimed()).
		When(posts.System, outcome.FailTarget{AttemptRef: posts.OnNews, Code: "not_admin", Detail: "No.", Rights: true}).
		Then(post.TargetFailed{Account: scenario.News, Attempt: posts.Attempt, Author: scenario.Carl, Holder: scenario.Olivia, Code: "not_admin", Detail: "No."})
}

func TestFailTargetLate(t *testing.T) {
	t.Parallel()
	posts.ChangesNothingLate(t, outcome.FailTarget{AttemptRef: posts.OnNews, Code: "too_long"})
}
