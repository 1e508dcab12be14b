package address_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/address"
)

func TestRequestVerification(t *testing.T) {
	t.Parallel()
	ask := address.RequestVerification{Person: scenario.Carl}
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), ask).Then(user.VerificationRequested{})
	person.Given(t, person.Registered, user.AddressVerified{}).When(scenario.As(scenario.Carl), ask).Nothing()
	person.Given(t).When(scenario.As(scenario.Carl), ask).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered).When(scenario.As(scenario.Edith), ask).Refused(domain.R32, "not_found")
}
