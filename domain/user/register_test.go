package user_test

import (
	"strings"
	"testing"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
)

func TestRegister(t *testing.T) {
	t.Parallel()
	person.Given(t).
		When(scenario.As(scenario.Carl), user.Register{Email: "Carl@example.com", Name: " Carl "}).
		Then(user.Registered{Email: personal.New(scenario.Carl, "Carl@example.com"), Name: personal.New(scenario.Carl, "Carl")})

	person.Given(t).
		When(scenario.As(scenario.Carl), user.Register{Email: "carl@example.com", Name: strings.Repeat("é", 100)}).
		Then(user.Registered{Email: personal.New(scenario.Carl, "carl@example.com"), Name: personal.New(scenario.Carl, strings.Repeat("é", 100))})
}

// Who was invited by mail, or signs in with a provider that says so, has the address.
func TestRegisterWithAProof(t *testing.T) {
	t.Parallel()
	for _, proof := range []user.Proof{user.ByInvitation, user.ByProvider} {
		person.Given(t).
			When(scenario.As(scenario.Carl), user.Register{Email: "carl@example.com", Name: "Carl", Proof: proof}).
			Then(person.Registered, user.AddressVerified{})
	}
}

func TestRegisterTwice(t *testing.T) {
	t.Parallel()
	person.Given(t, user.Registered{Email: personal.New(scenario.Carl, "carl@example.com"), Name: personal.New(scenario.Carl, "Carl")}).
		When(scenario.As(scenario.Carl), user.Register{Email: "carl@example.com", Name: "Carl"}).
		Refused(0, "already_registered")

	person.Given(t, user.Registered{Email: personal.New(scenario.Carl, "carl@example.com"), Name: personal.New(scenario.Carl, "Carl")}).
		When(scenario.As(scenario.Edith), user.Register{Email: "edith@example.com", Name: "Edith"}).
		Then(user.Registered{Email: personal.New(scenario.Edith, "edith@example.com"), Name: personal.New(scenario.Edith, "Edith")})
}

func TestRegisterRefusesWhatIsMalformed(t *testing.T) {
	t.Parallel()
	person.Given(t).
		When(scenario.As(scenario.Carl), user.Register{Email: "carl", Name: "Carl"}).
		Refused(0, "malformed_email")

	for _, name := range []string{"", "  ", "Carl\r\nBcc: x", "Ca\x00rl", "Carl\xff", strings.Repeat("é", 101)} {
		person.Given(t).
			When(scenario.As(scenario.Carl), user.Register{Email: "carl@example.com", Name: name}).
			Refused(0, "malformed_name")
	}
}

func TestRegisterIsForPeople(t *testing.T) {
	t.Parallel()
	person.Given(t).
		When(scenario.System(), user.Register{Email: "carl@example.com", Name: "Carl"}).
		Refused(domain.R32, "not_found")
}
