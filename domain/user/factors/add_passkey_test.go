package factors_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/factors"
)

func TestAddPasskey(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered).
		When(scenario.As(scenario.Carl), factors.AddPasskey{Factor: person.Laptop}).
		Then(user.PasskeyAdded{Factor: person.Laptop}, user.TwoFactorEnabled{})
	person.Given(t, person.Registered, user.PasskeyAdded{Factor: person.Laptop}).
		When(scenario.As(scenario.Carl), factors.AddPasskey{Factor: person.Laptop}).Nothing()
	person.Given(t, person.Registered, user.Erased{}).When(scenario.As(scenario.Carl), factors.AddPasskey{Factor: person.Laptop}).Refused(domain.R32, "not_found")
}
