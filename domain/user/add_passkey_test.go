package user

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

func TestAddPasskey(t *testing.T) {
	t.Parallel()
	given(t, registered).
		When(scenario.As(scenario.Carl), AddPasskey{Factor: laptop}).
		Then(PasskeyAdded{Factor: laptop}, TwoFactorEnabled{})
	given(t, registered, PasskeyAdded{Factor: laptop}).
		When(scenario.As(scenario.Carl), AddPasskey{Factor: laptop}).Nothing()
	given(t, registered, Erased{}).When(scenario.As(scenario.Carl), AddPasskey{Factor: laptop}).Refused(domain.R32, "not_found")
}
