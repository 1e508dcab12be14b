package user

import (
	"strings"
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

func pointer(text string) *string { return &text }

func TestChangeProfile(t *testing.T) {
	t.Parallel()
	carl, before := scenario.As(scenario.Carl), Profile{Name: "Carl"}
	given(t, registered).
		When(carl, ChangeProfile{Name: pointer(" Karl "), TimeZone: pointer("Europe/Berlin"), Language: pointer("de-AT"), Before: before}).
		Then(ProfileChanged{
			Name: says(scenario.Carl, "Karl"), TimeZone: says(scenario.Carl, "Europe/Berlin"), Language: says(scenario.Carl, "de-AT"),
		})
	full := Profile{Name: "Karl", TimeZone: "Europe/Berlin", Language: "de-AT"}
	given(t, registered).When(carl, ChangeProfile{Language: pointer(""), Before: full}).
		Then(ProfileChanged{Name: says(scenario.Carl, "Karl"), TimeZone: says(scenario.Carl, "Europe/Berlin"), Language: says(scenario.Carl, "")})
	given(t, registered).When(carl, ChangeProfile{Name: pointer("Carl"), Before: before}).Nothing()
	given(t, registered).When(carl, ChangeProfile{Before: before}).Nothing()
}

func TestChangeProfileRefuses(t *testing.T) {
	t.Parallel()
	carl, before := scenario.As(scenario.Carl), Profile{Name: "Carl"}
	for _, name := range []string{"", " ", "two\nlines", strings.Repeat("é", 101)} {
		given(t, registered).When(carl, ChangeProfile{Name: &name, Before: before}).Refused(0, "malformed_name")
	}
	for _, zone := range []string{"Europe Berlin", "../../etc/passwd", "/UTC", strings.Repeat("a", 100)} {
		given(t, registered).When(carl, ChangeProfile{TimeZone: &zone, Before: before}).Refused(0, "malformed_zone")
	}
	for _, language := range []string{"English", "en_US", "e", "de-at", "en-", "x\r\n"} {
		given(t, registered).When(carl, ChangeProfile{Language: &language, Before: before}).Refused(0, "malformed_language")
	}
	given(t).When(carl, ChangeProfile{Name: pointer("Karl")}).Refused(domain.R32, "not_found")
}
