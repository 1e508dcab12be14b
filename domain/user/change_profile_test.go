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

func pointer(text string) *string { return &text }

func TestChangeProfile(t *testing.T) {
	t.Parallel()
	carl, before := scenario.As(scenario.Carl), user.Profile{Name: "Carl"}
	person.Given(t, person.Registered).
		When(carl, user.ChangeProfile{Name: pointer(" Karl "), TimeZone: pointer("Europe/Berlin"), Language: pointer("de-AT"), Before: before}).
		Then(user.ProfileChanged{
			Name: personal.New(scenario.Carl, "Karl"), TimeZone: personal.New(scenario.Carl, "Europe/Berlin"), Language: personal.New(scenario.Carl, "de-AT"),
		})
	full := user.Profile{Name: "Karl", TimeZone: "Europe/Berlin", Language: "de-AT"}
	person.Given(t, person.Registered).When(carl, user.ChangeProfile{Language: pointer(""), Before: full}).
		Then(user.ProfileChanged{Name: personal.New(scenario.Carl, "Karl"), TimeZone: personal.New(scenario.Carl, "Europe/Berlin"), Language: personal.New(scenario.Carl, "")})
	person.Given(t, person.Registered).When(carl, user.ChangeProfile{Name: pointer("Carl"), Before: before}).Nothing()
	person.Given(t, person.Registered).When(carl, user.ChangeProfile{Before: before}).Nothing()
}

func TestChangeProfileRefuses(t *testing.T) {
	t.Parallel()
	carl, before := scenario.As(scenario.Carl), user.Profile{Name: "Carl"}
	for _, name := range []string{"", " ", "two\nlines", strings.Repeat("é", 101)} {
		person.Given(t, person.Registered).When(carl, user.ChangeProfile{Name: &name, Before: before}).Refused(0, "malformed_name")
	}
	for _, zone := range []string{"Europe Berlin", "../../etc/passwd", "/UTC", strings.Repeat("a", 100)} {
		person.Given(t, person.Registered).When(carl, user.ChangeProfile{TimeZone: &zone, Before: before}).Refused(0, "malformed_zone")
	}
	for _, language := range []string{"English", "en_US", "e", "de-at", "en-", "x\r\n"} {
		person.Given(t, person.Registered).When(carl, user.ChangeProfile{Language: &language, Before: before}).Refused(0, "malformed_language")
	}
	person.Given(t).When(carl, user.ChangeProfile{Name: pointer("Karl")}).Refused(domain.R32, "not_found")
}
