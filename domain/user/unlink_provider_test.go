package user

import (
	"testing"

	"behalf/domain/scenario"
)

func TestUnlinkProvider(t *testing.T) {
	t.Parallel()
	given(t, registered, ProviderLinked{Linked: google}).
		When(scenario.As(scenario.Carl), UnlinkProvider{Linked: google}).Then(ProviderUnlinked{Linked: google})
	given(t, registered).When(scenario.As(scenario.Carl), UnlinkProvider{Linked: google}).Nothing()
}
