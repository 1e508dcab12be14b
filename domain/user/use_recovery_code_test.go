package user

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

func TestUseRecoveryCode(t *testing.T) {
	t.Parallel()
	given(t, registered).When(scenario.As(scenario.Carl), UseRecoveryCode{Left: 9}).Then(RecoveryCodeUsed{Left: 9})
	given(t).When(scenario.As(scenario.Carl), UseRecoveryCode{Left: 9}).Refused(domain.R32, "not_found")
}
