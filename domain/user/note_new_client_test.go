package user_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
)

func TestNoteNewClient(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	person.Given(t, person.Registered).When(carl, user.NoteNewClient{Client: "Firefox on Linux"}).
		Then(user.NewClientNoted{Client: personal.New(scenario.Carl, "Firefox on Linux")})
	person.Given(t, person.Registered).When(carl, user.NoteNewClient{Client: "two\nlines"}).Refused(0, "malformed_name")
	person.Given(t, person.Registered).When(scenario.System(), user.NoteNewClient{Client: "Firefox"}).Refused(domain.R32, "not_found")
}
