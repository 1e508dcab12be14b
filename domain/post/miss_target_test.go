package post

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/scenario"
)

var miss = MissTarget{Post: thePost, Account: scenario.News}

// R56: not sent within 15 minutes of its time.
func TestMissTargetAfterItsGrace(t *testing.T) {
	t.Parallel()
	due := onPost(writtenBy(client), scheduledAt(now))
	given(t, due).When(scenario.At(system, now.Add(15*time.Minute)), miss).Nothing()
	given(t, due).
		When(scenario.At(system, now.Add(15*time.Minute+time.Nanosecond)), miss).
		Then(TargetMissed{Account: scenario.News, Code: "grace_passed", Detail: "It could not be sent within 15 minutes of its time."})
}

// R56: not approved by its time.
func TestMissTargetWithoutApproval(t *testing.T) {
	t.Parallel()
	waiting := onPost(writtenBy(editor), Scheduled{
		Revision: 1, At: later, Gates: map[domain.AccountID][]Gate{scenario.News: {TeamGate}},
	})
	given(t, waiting).When(scenario.At(system, later.Add(-time.Nanosecond)), miss).Nothing()
	given(t, waiting).
		When(scenario.At(system, later), miss).
		Then(TargetMissed{Account: scenario.News, Code: "not_approved", Detail: "It was not approved by its time."})
}

func TestMissTargetThatIsNotWaiting(t *testing.T) {
	t.Parallel()
	tomorrow := scenario.At(system, now.Add(24*time.Hour))
	given(t, claimed()).When(tomorrow, miss).Nothing()
	for state, end := range ends() {
		if state != Due {
			given(t, claimed(), onPost(end)).When(tomorrow, miss).Nothing()
		}
	}
	given(t, onPost(writtenBy(client), scheduledAt(now), TargetMissed{Account: scenario.News})).When(tomorrow, miss).Nothing()
}

func TestMissTargetIsTheSystems(t *testing.T) {
	t.Parallel()
	given(t, claimed()).When(owner, miss).Refused(domain.R32, "not_found")
	given(t).When(system, miss).Refused(domain.R32, "not_found")
}
