package post

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/scenario"
)

var (
	resume = ResumeTarget{Post: thePost, Account: scenario.News}
	held   = TargetNeedsReauthentication{Account: scenario.News, Holder: scenario.Carl}
)

// R47: still due in the future goes on by itself, at its time; past due waits
// for a person.
func TestResumeTarget(t *testing.T) {
	t.Parallel()
	waits := onPost(writtenBy(client), scheduledAt(later), held)
	given(t, waits).When(system, resume).Then(TargetScheduled{Account: scenario.News, At: later})
	given(t, waits).
		When(scenario.At(system, later.Add(-time.Nanosecond)), resume).
		Then(TargetScheduled{Account: scenario.News, At: later})
	given(t, waits).When(scenario.At(system, later), resume).Nothing()
	given(t, waits).When(scenario.At(system, later.Add(time.Hour)), resume).Nothing()
}

func TestResumeTargetThatDoesNotWait(t *testing.T) {
	t.Parallel()
	given(t, onPost(writtenBy(client), scheduledAt(later))).When(system, resume).Nothing()
	for state, end := range ends() {
		if state != NeedsReauthentication {
			given(t, onPost(writtenBy(client), scheduledAt(later), carlsClaim(), end)).When(system, resume).Nothing()
		}
	}
}

func TestResumeTargetIsTheSystems(t *testing.T) {
	t.Parallel()
	given(t, onPost(writtenBy(client), scheduledAt(later), held)).When(client, resume).Refused(domain.R32, "not_found")
	given(t).When(system, resume).Refused(domain.R32, "not_found")
}
