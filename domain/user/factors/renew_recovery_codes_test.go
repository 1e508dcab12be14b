package factors_test

import (
	"testing"

	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/factors"
)

func TestRenewRecoveryCodes(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered, user.PasskeyAdded{Factor: person.Laptop}).
		When(scenario.As(scenario.Carl), factors.RenewRecoveryCodes{}).Then(user.RecoveryCodesRenewed{})
	person.Given(t, person.Registered).
		When(scenario.As(scenario.Carl), factors.RenewRecoveryCodes{}).Refused(0, "two_factor_off")
	person.Given(t, person.Registered, user.PasskeyAdded{Factor: person.Laptop}, user.FactorRemoved{Factor: person.Laptop}).
		When(scenario.As(scenario.Carl), factors.RenewRecoveryCodes{}).Refused(0, "two_factor_off")
}
