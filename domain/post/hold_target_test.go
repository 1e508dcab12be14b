package post

import (
	"testing"

	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// R44: the target waits for the one person whose connection the attempt used.
func TestHoldTarget(t *testing.T) {
	t.Parallel()
	given(t, claimed()).
		When(system, HoldTarget{AttemptRef: onNews, Code: "ExpiredToken", Detail: "The network no longer accepts it."}).
		Then(TargetNeedsReauthentication{
			Account: scenario.News, Attempt: attempt, Mode: workspace.OwnerMode, Holder: scenario.Olivia, Connection: olivias,
			Code: "ExpiredToken", Detail: "The network no longer accepts it.",
		})
}

func TestHoldTargetLate(t *testing.T) {
	t.Parallel()
	changesNothingLate(t, HoldTarget{AttemptRef: onNews, Code: "ExpiredToken"})
}
