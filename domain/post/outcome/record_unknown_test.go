package outcome_test

import (
	"testing"

	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
)

func TestRecordUnknown(t *testing.T) {
	t.Parallel()
	posts.Given(t, posts.Claimed()).
		When(posts.System, outcome.RecordUnknown{AttemptRef: posts.OnNews, Detail: "The network cannot be asked."}).
		Then(post.TargetUnknown{Account: scenario.News, Attempt: posts.Attempt, Author: scenario.Carl, Detail: "The network cannot be asked."})
}

// R59: the Owner is named too, as the workspace is when it is found out.
func TestRecordUnknownNamesTheOwner(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded(), posts.Claimed()).
		When(posts.System, outcome.RecordUnknown{AttemptRef: posts.OnNews, Detail: "Nobody can say."}).
		Then(post.TargetUnknown{Account: scenario.News, Attempt: posts.Attempt, Author: scenario.Carl, Owner: scenario.Olivia, Detail: "Nobody can say."})
}

func TestRecordUnknownLate(t *testing.T) {
	t.Parallel()
	posts.ChangesNothingLate(t, outcome.RecordUnknown{AttemptRef: posts.OnNews})
}
