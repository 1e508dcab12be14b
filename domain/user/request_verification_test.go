package user

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

func TestRequestVerification(t *testing.T) {
	t.Parallel()
	ask := RequestVerification{Person: scenario.Carl}
	given(t, registered).When(scenario.As(scenario.Carl), ask).Then(VerificationRequested{})
	given(t, registered, AddressVerified{}).When(scenario.As(scenario.Carl), ask).Nothing()
	given(t).When(scenario.As(scenario.Carl), ask).Refused(domain.R32, "not_found")
	given(t, registered).When(scenario.As(scenario.Edith), ask).Refused(domain.R32, "not_found")
}
