package user

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

func TestAddAuthenticator(t *testing.T) {
	t.Parallel()
	given(t, registered).
		When(scenario.As(scenario.Carl), AddAuthenticator{Factor: phone}).
		Then(AuthenticatorAdded{Factor: phone}, TwoFactorEnabled{})
	given(t, registered, PasskeyAdded{Factor: laptop}, TwoFactorEnabled{}).
		When(scenario.As(scenario.Carl), AddAuthenticator{Factor: phone}).
		Then(AuthenticatorAdded{Factor: phone})
	given(t, registered, AuthenticatorAdded{Factor: phone}, TwoFactorEnabled{}).
		When(scenario.As(scenario.Carl), AddAuthenticator{Factor: phone}).Nothing()
	given(t).When(scenario.As(scenario.Carl), AddAuthenticator{Factor: phone}).Refused(domain.R32, "not_found")
}
