package factors_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/factors"
)

func TestRemoveFactor(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}, user.PasskeyAdded{Factor: person.Laptop}).
		When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone}).
		Then(user.FactorRemoved{Factor: person.Phone})
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}).
		When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone}).
		Then(user.FactorRemoved{Factor: person.Phone}, user.TwoFactorDisabled{})
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}, user.FactorRemoved{Factor: person.Phone}).
		When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone}).Nothing()
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}).
		When(scenario.As(scenario.Edith), factors.RemoveFactor{Factor: person.Phone}).Refused(domain.R32, "not_found")
}

// R63: it cannot be disabled while a workspace requires it; replacing is possible.
func TestRequiredTwoFactorStays(t *testing.T) {
	t.Parallel()
	requiring := []domain.WorkspaceID{scenario.Acme}
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}).
		When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone, RequiredBy: requiring}).
		Refused(domain.R63, "two_factor_in_use")
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}, user.PasskeyAdded{Factor: person.Laptop}).
		When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone, RequiredBy: requiring}).
		Then(user.FactorRemoved{Factor: person.Phone})
}
