package factors_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/factors"
)

func TestAddAuthenticator(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered).
		When(scenario.As(scenario.Carl), factors.AddAuthenticator{Factor: person.Phone}).
		Then(user.AuthenticatorAdded{Factor: person.Phone}, user.TwoFactorEnabled{})
	person.Given(t, person.Registered, user.PasskeyAdded{Factor: person.Laptop}, user.TwoFactorEnabled{}).
		When(scenario.As(scenario.Carl), factors.AddAuthenticator{Factor: person.Phone, Counting: []user.FactorID{person.Laptop}}).
		Then(user.AuthenticatorAdded{Factor: person.Phone})
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}, user.TwoFactorEnabled{}).
		When(scenario.As(scenario.Carl), factors.AddAuthenticator{Factor: person.Phone}).Nothing()
	person.Given(t).When(scenario.As(scenario.Carl), factors.AddAuthenticator{Factor: person.Phone}).Refused(domain.R32, "not_found")
}

// A factor whose adding broke off, and that can be proved by nothing, goes when
// the next one comes.
func TestAddingRemovesStrays(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered, user.PasskeyAdded{Factor: person.Laptop}, user.TwoFactorEnabled{}).
		When(scenario.As(scenario.Carl), factors.AddAuthenticator{Factor: person.Phone}).
		Then(user.FactorRemoved{Factor: person.Laptop}, user.AuthenticatorAdded{Factor: person.Phone})
	person.Given(t, person.Registered, user.AuthenticatorAdded{Factor: person.Phone}, user.TwoFactorEnabled{}).
		When(scenario.As(scenario.Carl), factors.AddPasskey{Factor: person.Laptop}).
		Then(user.FactorRemoved{Factor: person.Phone}, user.PasskeyAdded{Factor: person.Laptop})
}
