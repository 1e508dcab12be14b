package user

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

func TestRefusePasskey(t *testing.T) {
	t.Parallel()
	given(t, registered, PasskeyAdded{Factor: laptop}).
		When(scenario.As(scenario.Carl), RefusePasskey{Factor: laptop}).Then(PasskeyRefused{Factor: laptop})
	given(t, registered).When(scenario.As(scenario.Carl), RefusePasskey{Factor: laptop}).Refused(domain.R32, "not_found")
}
