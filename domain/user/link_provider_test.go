package user

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

func TestLinkProvider(t *testing.T) {
	t.Parallel()
	linked := ProviderLinked{Linked: google, Provider: says(scenario.Carl, "google")}
	given(t, registered).When(scenario.As(scenario.Carl), LinkProvider{Linked: google, Provider: "google"}).Then(linked)
	given(t, registered, linked).When(scenario.As(scenario.Carl), LinkProvider{Linked: google, Provider: "google"}).Nothing()
	var many []domain.Event
	for i := range byte(20) {
		many = append(many, ProviderLinked{Linked: LinkedID{0: i + 1}})
	}
	given(t, append([]domain.Event{registered}, many...)...).
		When(scenario.As(scenario.Carl), LinkProvider{Linked: google, Provider: "google"}).Refused(0, "too_many")
}
