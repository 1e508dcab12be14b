package factors_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/factors"
)

// both are what Carl can prove.
var both = []user.FactorID{person.Phone, person.Laptop}

func TestRemoveFactor(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}, user.PasskeyAdded{Factor: person.Laptop}).
		When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone, Counting: both}).
		Then(user.FactorRemoved{Factor: person.Phone})
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}).
		When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone, Counting: both[:1]}).
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
		When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone, Counting: both[:1], RequiredBy: requiring}).
		Refused(domain.R63, "two_factor_in_use")
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}, user.PasskeyAdded{Factor: person.Laptop}).
		When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone, Counting: both, RequiredBy: requiring}).
		Then(user.FactorRemoved{Factor: person.Phone})
}

// R63: only what can be proved is a factor that would be left. What cannot, since
// adding it broke off, goes along, and can be given up whatever is required.
func TestStraysAreNoFactors(t *testing.T) {
	t.Parallel()
	requiring := []domain.WorkspaceID{scenario.Acme}
	given := func() scenario.Story {
		return person.Given(t, person.Registered, user.PasskeyAdded{Factor: person.Laptop}, user.TwoFactorEnabled{}, user.AuthenticatorAdded{Factor: person.Phone})
	}
	given().When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone, Counting: both[:1], RequiredBy: requiring}).
		Refused(domain.R63, "two_factor_in_use")
	given().When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone, Counting: both[:1]}).
		Then(user.FactorRemoved{Factor: person.Phone}, user.FactorRemoved{Factor: person.Laptop}, user.TwoFactorDisabled{})
	given().When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Laptop, Counting: both[:1], RequiredBy: requiring}).
		Then(user.FactorRemoved{Factor: person.Laptop})
	// a factor that was removed, and can be proved still: a process died in between
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}, user.FactorRemoved{Factor: person.Phone}).
		When(scenario.As(scenario.Carl), factors.RemoveFactor{Factor: person.Phone, Counting: both[:1], RequiredBy: requiring}).
		Refused(domain.R63, "two_factor_in_use")
}
