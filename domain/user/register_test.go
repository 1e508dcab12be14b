package user

import (
	"strings"
	"testing"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
)

func given(t *testing.T, events ...domain.Event) scenario.Story {
	t.Helper()
	log := scenario.NewLog(Aggregate())
	return scenario.Given(t, domain.WorkspaceID{}, log, domain.On(Stream(scenario.Carl), events...)...)
}

var says = personal.New

func TestRegister(t *testing.T) {
	t.Parallel()
	given(t).
		When(scenario.As(scenario.Carl), Register{Email: "Carl@example.com", Name: " Carl "}).
		Then(Registered{Email: says(scenario.Carl, "Carl@example.com"), Name: says(scenario.Carl, "Carl")})

	given(t).
		When(scenario.As(scenario.Carl), Register{Email: "carl@example.com", Name: strings.Repeat("é", 100)}).
		Then(Registered{Email: says(scenario.Carl, "carl@example.com"), Name: says(scenario.Carl, strings.Repeat("é", 100))})
}

// Who was invited by mail, or signs in with a provider that says so, has the address.
func TestRegisterWithAProof(t *testing.T) {
	t.Parallel()
	for _, proof := range []Proof{ByInvitation, ByProvider} {
		given(t).
			When(scenario.As(scenario.Carl), Register{Email: "carl@example.com", Name: "Carl", Proof: proof}).
			Then(registered, AddressVerified{})
	}
}

func TestRegisterTwice(t *testing.T) {
	t.Parallel()
	given(t, Registered{Email: says(scenario.Carl, "carl@example.com"), Name: says(scenario.Carl, "Carl")}).
		When(scenario.As(scenario.Carl), Register{Email: "carl@example.com", Name: "Carl"}).
		Refused(0, "already_registered")

	given(t, Registered{Email: says(scenario.Carl, "carl@example.com"), Name: says(scenario.Carl, "Carl")}).
		When(scenario.As(scenario.Edith), Register{Email: "edith@example.com", Name: "Edith"}).
		Then(Registered{Email: says(scenario.Edith, "edith@example.com"), Name: says(scenario.Edith, "Edith")})
}

func TestRegisterRefusesWhatIsMalformed(t *testing.T) {
	t.Parallel()
	given(t).
		When(scenario.As(scenario.Carl), Register{Email: "carl", Name: "Carl"}).
		Refused(0, "malformed_email")

	for _, name := range []string{"", "  ", "Carl\r\nBcc: x", "Ca\x00rl", "Carl\xff", strings.Repeat("é", 101)} {
		given(t).
			When(scenario.As(scenario.Carl), Register{Email: "carl@example.com", Name: name}).
			Refused(0, "malformed_name")
	}
}

func TestRegisterIsForPeople(t *testing.T) {
	t.Parallel()
	given(t).
		When(scenario.System(), Register{Email: "carl@example.com", Name: "Carl"}).
		Refused(domain.R32, "not_found")
}
