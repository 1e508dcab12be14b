package providers_test

import (
	"testing"

	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/providers"
)

func TestUnlinkProvider(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered, user.ProviderLinked{Linked: person.Google}).
		When(scenario.As(scenario.Carl), providers.UnlinkProvider{Linked: person.Google}).Then(user.ProviderUnlinked{Linked: person.Google})
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), providers.UnlinkProvider{Linked: person.Google}).Nothing()
}
