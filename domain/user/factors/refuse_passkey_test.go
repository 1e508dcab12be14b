package factors_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/factors"
)

func TestRefusePasskey(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered, user.PasskeyAdded{Factor: person.Laptop}).
		When(scenario.As(scenario.Carl), factors.RefusePasskey{Factor: person.Laptop}).Then(user.PasskeyRefused{Factor: person.Laptop})
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), factors.RefusePasskey{Factor: person.Laptop}).Refused(domain.R32, "not_found")
}
