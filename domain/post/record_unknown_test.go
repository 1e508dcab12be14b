package post

import (
	"testing"

	"behalf/domain/scenario"
)

func TestRecordUnknown(t *testing.T) {
	t.Parallel()
	given(t, claimed()).
		When(system, RecordUnknown{AttemptRef: onNews, Detail: "The network cannot be asked."}).
		Then(TargetUnknown{Account: scenario.News, Attempt: attempt, Detail: "The network cannot be asked."})
}

func TestRecordUnknownLate(t *testing.T) {
	t.Parallel()
	changesNothingLate(t, RecordUnknown{AttemptRef: onNews})
}
