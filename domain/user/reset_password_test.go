package user

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

var verified = AddressVerified{}

func TestRequestPasswordReset(t *testing.T) {
	t.Parallel()
	ask := RequestPasswordReset{Person: scenario.Carl}
	given(t, registered).When(scenario.As(scenario.Carl), ask).Then(PasswordResetRequested{})
	given(t).When(scenario.As(scenario.Carl), ask).Refused(domain.R32, "not_found")
	given(t, registered, Erased{}).When(scenario.As(scenario.Carl), ask).Refused(domain.R32, "not_found")
	given(t, registered).When(scenario.As(scenario.Edith), ask).Refused(domain.R32, "not_found")
}

func TestResetPassword(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	first, second := ResetPassword{Link: linkOf(ToResetPassword, 1)}, ResetPassword{Link: linkOf(ToResetPassword, 2)}
	given(t, registered, verified, PasswordResetRequested{}).When(carl, first).Then(PasswordResetCompleted{})
	given(t, registered, verified, PasswordResetRequested{}, PasswordResetRequested{}).When(carl, second).Then(PasswordResetCompleted{})
	given(t, registered, PasswordResetRequested{}).When(carl, first).Then(PasswordResetCompleted{}, AddressVerified{})

	given(t, registered, PasswordResetRequested{}, PasswordResetRequested{}).When(carl, first).Refused(0, "link_superseded")
	given(t, registered, PasswordResetRequested{}, PasswordResetCompleted{}).When(carl, first).Refused(0, "link_used")
	given(t, registered, PasswordResetRequested{}, PasswordChanged{}).When(carl, first).Refused(0, "link_used")
	given(t, registered, PasswordResetRequested{}).When(carl, ResetPassword{Link: expired(first.Link)}).Refused(0, "link_expired")
	given(t, registered).When(carl, first).Refused(domain.R32, "not_found")
	given(t, registered).When(carl, ResetPassword{}).Refused(domain.R32, "not_found")
	given(t, registered, PasswordResetRequested{}).When(scenario.As(scenario.Edith), first).Refused(domain.R32, "not_found")
}

// Who sets a new password by mail has perhaps lost the account to somebody who
// wants to move it to another address: that link is dead too.
func TestResettingEndsAnAddressChange(t *testing.T) {
	t.Parallel()
	given(t, registered, wantsNew, PasswordResetRequested{}, PasswordResetCompleted{}).
		When(scenario.As(scenario.Carl), changing(1)).Refused(0, "link_used")
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	change := ChangePassword{Person: scenario.Carl}
	given(t, registered).When(scenario.As(scenario.Carl), change).Then(PasswordChanged{})
	given(t).When(scenario.As(scenario.Carl), change).Refused(domain.R32, "not_found")
	given(t, registered).When(scenario.As(scenario.Edith), change).Refused(domain.R32, "not_found")
	given(t, registered).When(scenario.System(), change).Refused(domain.R32, "not_found")
}
