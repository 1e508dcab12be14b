package providers_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/providers"
)

func TestLinkProvider(t *testing.T) {
	t.Parallel()
	linked := user.ProviderLinked{Linked: person.Google, Provider: personal.New(scenario.Carl, "google")}
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), providers.LinkProvider{Linked: person.Google, Provider: "google"}).Then(linked)
	person.Given(t, person.Registered, linked).When(scenario.As(scenario.Carl), providers.LinkProvider{Linked: person.Google, Provider: "google"}).Nothing()
	var many []domain.Event
	for i := range byte(20) {
		many = append(many, user.ProviderLinked{Linked: user.LinkedID{0: i + 1}})
	}
	person.Given(t, append([]domain.Event{person.Registered}, many...)...).
		When(scenario.As(scenario.Carl), providers.LinkProvider{Linked: person.Google, Provider: "google"}).Refused(0, "too_many")
}
