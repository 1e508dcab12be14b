package outcome_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/post/sending"
	"behalf/domain/scenario"
	"behalf/domain/scenario/posts"
)

var (
	recordPublished = outcome.RecordPublished{AttemptRef: posts.OnNews, Remote: "sandbox-1", URL: "http://sandbox.example/1"}
	isPublished     = post.TargetPublished{
		Account: scenario.News, Attempt: posts.Attempt, Remote: "sandbox-1", URL: "http://sandbox.example/1",
	}
)

func TestRecordPublished(t *testing.T) {
	t.Parallel()
	posts.Given(t, posts.Claimed()).When(posts.System, recordPublished).Then(isPublished)
}

// R59: what is live is live, whatever has become of the attempt meanwhile, and
// the target is not sent again. What somebody has deleted since goes on being deleted.
func TestRecordPublishedLate(t *testing.T) {
	t.Parallel()
	for state, end := range posts.Ends() {
		t.Run("after "+string(state), func(t *testing.T) {
			t.Parallel()
			story := posts.Given(t, posts.Claimed(), posts.OnPost(end))
			if state == post.Published || state == post.Deleting {
				story.When(posts.System, recordPublished).Nothing()
				return
			}
			story.When(posts.System, recordPublished).Then(isPublished)
			posts.Given(t, posts.Claimed(), posts.OnPost(end, isPublished)).
				When(posts.System, sending.ClaimTarget{Post: posts.ThePost, Account: scenario.News}).
				Refused(domain.R59, "not_scheduled")
		})
	}
}

func TestRecordPublishedOfAnEarlierAttempt(t *testing.T) {
	t.Parallel()
	next := posts.CarlsClaim()
	next.Attempt = posts.Another
	posts.Given(t, posts.Claimed(), posts.OnPost(posts.Ends()[post.Due], next)).When(posts.System, recordPublished).Then(isPublished)
}

func TestRecordPublishedIsTheSystems(t *testing.T) {
	t.Parallel()
	posts.Given(t, posts.Claimed()).When(posts.Owner, recordPublished).Refused(domain.R32, "not_found")
	posts.Given(t).When(posts.System, recordPublished).Refused(domain.R32, "not_found")
}
