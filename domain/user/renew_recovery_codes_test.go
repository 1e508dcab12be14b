package user

import (
	"testing"

	"behalf/domain/scenario"
)

func TestRenewRecoveryCodes(t *testing.T) {
	t.Parallel()
	given(t, registered, PasskeyAdded{Factor: laptop}).
		When(scenario.As(scenario.Carl), RenewRecoveryCodes{}).Then(RecoveryCodesRenewed{})
	given(t, registered).
		When(scenario.As(scenario.Carl), RenewRecoveryCodes{}).Refused(0, "two_factor_off")
	given(t, registered, PasskeyAdded{Factor: laptop}, FactorRemoved{Factor: laptop}).
		When(scenario.As(scenario.Carl), RenewRecoveryCodes{}).Refused(0, "two_factor_off")
}
