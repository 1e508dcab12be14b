package user

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

var (
	phone, laptop = FactorID{15: 1}, FactorID{15: 2}
	google        = LinkedID{15: 3}
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

func TestAddPasskey(t *testing.T) {
	t.Parallel()
	given(t, registered).
		When(scenario.As(scenario.Carl), AddPasskey{Factor: laptop}).
		Then(PasskeyAdded{Factor: laptop}, TwoFactorEnabled{})
	given(t, registered, PasskeyAdded{Factor: laptop}).
		When(scenario.As(scenario.Carl), AddPasskey{Factor: laptop}).Nothing()
	given(t, registered, Erased{}).When(scenario.As(scenario.Carl), AddPasskey{Factor: laptop}).Refused(domain.R32, "not_found")
}

func TestRemoveFactor(t *testing.T) {
	t.Parallel()
	given(t, registered, AuthenticatorAdded{Factor: phone}, PasskeyAdded{Factor: laptop}).
		When(scenario.As(scenario.Carl), RemoveFactor{Factor: phone}).
		Then(FactorRemoved{Factor: phone})
	given(t, registered, AuthenticatorAdded{Factor: phone}).
		When(scenario.As(scenario.Carl), RemoveFactor{Factor: phone}).
		Then(FactorRemoved{Factor: phone}, TwoFactorDisabled{})
	given(t, registered, AuthenticatorAdded{Factor: phone}, FactorRemoved{Factor: phone}).
		When(scenario.As(scenario.Carl), RemoveFactor{Factor: phone}).Nothing()
	given(t, registered, AuthenticatorAdded{Factor: phone}).
		When(scenario.As(scenario.Edith), RemoveFactor{Factor: phone}).Refused(domain.R32, "not_found")
}

// R63: it cannot be disabled while a workspace requires it; replacing is possible.
func TestRequiredTwoFactorStays(t *testing.T) {
	t.Parallel()
	requiring := []domain.WorkspaceID{scenario.Acme}
	given(t, registered, AuthenticatorAdded{Factor: phone}).
		When(scenario.As(scenario.Carl), RemoveFactor{Factor: phone, RequiredBy: requiring}).
		Refused(domain.R63, "two_factor_in_use")
	given(t, registered, AuthenticatorAdded{Factor: phone}, PasskeyAdded{Factor: laptop}).
		When(scenario.As(scenario.Carl), RemoveFactor{Factor: phone, RequiredBy: requiring}).
		Then(FactorRemoved{Factor: phone})
}

func TestRenewRecoveryCodes(t *testing.T) {
	t.Parallel()
	given(t, registered, PasskeyAdded{Factor: laptop}).
		When(scenario.As(scenario.Carl), RenewRecoveryCodes{}).Then(RecoveryCodesRenewed{})
	given(t, registered).
		When(scenario.As(scenario.Carl), RenewRecoveryCodes{}).Refused(0, "two_factor_off")
	given(t, registered, PasskeyAdded{Factor: laptop}, FactorRemoved{Factor: laptop}).
		When(scenario.As(scenario.Carl), RenewRecoveryCodes{}).Refused(0, "two_factor_off")
}

func TestUseRecoveryCode(t *testing.T) {
	t.Parallel()
	given(t, registered).When(scenario.As(scenario.Carl), UseRecoveryCode{Left: 9}).Then(RecoveryCodeUsed{Left: 9})
	given(t).When(scenario.As(scenario.Carl), UseRecoveryCode{Left: 9}).Refused(domain.R32, "not_found")
}

func TestRefusePasskey(t *testing.T) {
	t.Parallel()
	given(t, registered, PasskeyAdded{Factor: laptop}).
		When(scenario.As(scenario.Carl), RefusePasskey{Factor: laptop}).Then(PasskeyRefused{Factor: laptop})
	given(t, registered).When(scenario.As(scenario.Carl), RefusePasskey{Factor: laptop}).Refused(domain.R32, "not_found")
}

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

func TestUnlinkProvider(t *testing.T) {
	t.Parallel()
	given(t, registered, ProviderLinked{Linked: google}).
		When(scenario.As(scenario.Carl), UnlinkProvider{Linked: google}).Then(ProviderUnlinked{Linked: google})
	given(t, registered).When(scenario.As(scenario.Carl), UnlinkProvider{Linked: google}).Nothing()
}

// A copy shares nothing that events change, and erasing leaves nothing.
func TestMeansAreCopied(t *testing.T) {
	t.Parallel()
	var u User
	u.Evolve(registered)
	u.Evolve(PasskeyAdded{Factor: laptop})
	clone := u.Clone().(*User)
	clone.Evolve(FactorRemoved{Factor: laptop})
	clone.Evolve(ProviderLinked{Linked: google})
	require.True(t, u.Means.TwoFactor())
	require.False(t, clone.Means.TwoFactor())
	require.Empty(t, u.Means.Linked)
	clone.Evolve(Erased{})
	require.Equal(t, User{Erased: true}, *clone)
}
