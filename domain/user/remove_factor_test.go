package user

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

func TestRemoveFactor(t *testing.T) {
	t.Parallel()
	given(t, registered, AuthenticatorAdded{Factor: phone}, PasskeyAdded{Factor: laptop}).
		When(scenario.As(scenario.Carl), RemoveFactor{Factor: phone}).
		Then(FactorRemoved{Factor: phone})
	given(t, registered, AuthenticatorAdded{Factor: phone}).
		When(scenario.As(scenario.Carl), RemoveFactor{Factor: phone}).
		Then(FactorRemoved{Factor: phone}, TwoFactorDisabled{})
	given(t, registered, AuthenticatorAdded{Factor: phone}, FactorRemoved{Factor: phone}).
		When(scenario.As(scenario.Carl), RemoveFactor{Factor: phone}).Nothing()
	given(t, registered, AuthenticatorAdded{Factor: phone}).
		When(scenario.As(scenario.Edith), RemoveFactor{Factor: phone}).Refused(domain.R32, "not_found")
}

// R63: it cannot be disabled while a workspace requires it; replacing is possible.
func TestRequiredTwoFactorStays(t *testing.T) {
	t.Parallel()
	requiring := []domain.WorkspaceID{scenario.Acme}
	given(t, registered, AuthenticatorAdded{Factor: phone}).
		When(scenario.As(scenario.Carl), RemoveFactor{Factor: phone, RequiredBy: requiring}).
		Refused(domain.R63, "two_factor_in_use")
	given(t, registered, AuthenticatorAdded{Factor: phone}, PasskeyAdded{Factor: laptop}).
		When(scenario.As(scenario.Carl), RemoveFactor{Factor: phone, RequiredBy: requiring}).
		Then(FactorRemoved{Factor: phone})
}
