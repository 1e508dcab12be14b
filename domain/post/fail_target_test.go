package post

import (
	"testing"

	"behalf/domain/scenario"
)

func TestFailTarget(t *testing.T) {
	t.Parallel()
	given(t, claimed()).
		When(system, FailTarget{AttemptRef: onNews, Code: "too_long", Detail: "The text is too long."}).
		Then(TargetFailed{Account: scenario.News, Attempt: attempt, Code: "too_long", Detail: "The text is too long."})
}

func TestFailTargetLate(t *testing.T) {
	t.Parallel()
	changesNothingLate(t, FailTarget{AttemptRef: onNews, Code: "too_long"})
}
