package user

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

func TestRepeatRegistration(t *testing.T) {
	t.Parallel()
	again := RepeatRegistration{Person: scenario.Carl}
	given(t, registered).When(scenario.As(scenario.Carl), again).Then(RegistrationRepeated{})
	given(t).When(scenario.As(scenario.Carl), again).Refused(domain.R32, "not_found")
	given(t, registered).When(scenario.As(scenario.Edith), again).Refused(domain.R32, "not_found")
}

func TestNoteNewClient(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	given(t, registered).When(carl, NoteNewClient{Client: "Firefox on Linux"}).
		Then(NewClientNoted{Client: says(scenario.Carl, "Firefox on Linux")})
	given(t, registered).When(carl, NoteNewClient{Client: "two\nlines"}).Refused(0, "malformed_name")
	given(t, registered).When(scenario.System(), NoteNewClient{Client: "Firefox"}).Refused(domain.R32, "not_found")
}
