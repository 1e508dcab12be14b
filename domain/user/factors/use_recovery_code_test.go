package factors_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/factors"
)

func TestUseRecoveryCode(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), factors.UseRecoveryCode{Left: 9}).Then(user.RecoveryCodeUsed{Left: 9})
	person.Given(t).When(scenario.As(scenario.Carl), factors.UseRecoveryCode{Left: 9}).Refused(domain.R32, "not_found")
}
