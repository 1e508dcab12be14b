package user_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
)

func TestRepeatRegistration(t *testing.T) {
	t.Parallel()
	again := user.RepeatRegistration{Person: scenario.Carl}
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), again).Then(user.RegistrationRepeated{})
	person.Given(t).When(scenario.As(scenario.Carl), again).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered).When(scenario.As(scenario.Edith), again).Refused(domain.R32, "not_found")
}
