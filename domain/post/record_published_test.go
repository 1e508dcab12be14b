package post

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

var (
	recordPublished = RecordPublished{AttemptRef: onNews, Remote: "sandbox-1", URL: "http://sandbox.example/1"}
	isPublished     = TargetPublished{
		Account: scenario.News, Attempt: attempt, Remote: "sandbox-1", URL: "http://sandbox.example/1",
	}
)

func TestRecordPublished(t *testing.T) {
	t.Parallel()
	given(t, claimed()).When(system, recordPublished).Then(isPublished)
}

// R59: what is live is live, whatever has become of the attempt meanwhile, and
// the target is not sent again.
func TestRecordPublishedLate(t *testing.T) {
	t.Parallel()
	for state, end := range ends() {
		t.Run("after "+string(state), func(t *testing.T) {
			t.Parallel()
			story := given(t, claimed(), onPost(end))
			if state == Published {
				story.When(system, recordPublished).Nothing()
				return
			}
			story.When(system, recordPublished).Then(isPublished)
			given(t, claimed(), onPost(end, isPublished)).
				When(system, ClaimTarget{Post: thePost, Account: scenario.News}).
				Refused(domain.R59, "not_scheduled")
		})
	}
}

func TestRecordPublishedOfAnEarlierAttempt(t *testing.T) {
	t.Parallel()
	next := carlsClaim()
	next.Attempt = another
	given(t, claimed(), onPost(ends()[Due], next)).When(system, recordPublished).Then(isPublished)
}

func TestRecordPublishedIsTheSystems(t *testing.T) {
	t.Parallel()
	given(t, claimed()).When(owner, recordPublished).Refused(domain.R32, "not_found")
	given(t).When(system, recordPublished).Refused(domain.R32, "not_found")
}
