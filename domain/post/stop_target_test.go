package post

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

var (
	stop       = StopTarget{Post: thePost, Account: scenario.News}
	newsIsGone = acme.In(workspace.AccountRemoved{Account: scenario.News})
)

// R7: what waits for an account that was removed is stopped.
func TestStopTarget(t *testing.T) {
	t.Parallel()
	gone := TargetFailed{Account: scenario.News, Code: "account_gone", Detail: "The workspace does not hold this account any more."}
	for state, history := range map[TargetState][]domain.Change{
		Due:                   onPost(writtenBy(client), scheduledAt(later)),
		Waiting:               onPost(writtenBy(editor), Scheduled{Revision: 1, At: later, Gates: map[domain.AccountID][]Gate{scenario.News: {TeamGate}}}),
		NeedsReauthentication: onPost(writtenBy(client), scheduledAt(now), carlsClaim(), ends()[NeedsReauthentication]),
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			given(t, acme.Founded(), newsIsGone, history).When(system, stop).Then(gone)
		})
	}
}

func TestStopTargetThatDoesNotWait(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), newsIsGone, onPost(writtenBy(client))).When(system, stop).Nothing()
	given(t, acme.Founded(), newsIsGone, claimed()).When(system, stop).Nothing()
	given(t, acme.Founded(), newsIsGone, claimed(), onPost(ends()[Published])).When(system, stop).Nothing()
}

func TestStopTargetOnAnAccountThatIsThere(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), onPost(writtenBy(client), scheduledAt(later))).When(system, stop).Nothing()
}

func TestStopTargetIsTheSystems(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), newsIsGone, onPost(writtenBy(client), scheduledAt(later))).When(owner, stop).Refused(domain.R32, "not_found")
	given(t, acme.Founded(), newsIsGone).When(system, stop).Refused(domain.R32, "not_found")
}
