package password_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/address"
	"behalf/domain/user/password"
)

var verified = user.AddressVerified{}

func TestRequestPasswordReset(t *testing.T) {
	t.Parallel()
	ask := password.RequestPasswordReset{Person: scenario.Carl}
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), ask).Then(user.PasswordResetRequested{})
	person.Given(t).When(scenario.As(scenario.Carl), ask).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered, user.Erased{}).When(scenario.As(scenario.Carl), ask).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered).When(scenario.As(scenario.Edith), ask).Refused(domain.R32, "not_found")
}

func TestResetPassword(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	first, second := password.ResetPassword{Link: person.LinkOf(user.ToResetPassword, 1)}, password.ResetPassword{Link: person.LinkOf(user.ToResetPassword, 2)}
	person.Given(t, person.Registered, verified, user.PasswordResetRequested{}).When(carl, first).Then(user.PasswordResetCompleted{})
	person.Given(t, person.Registered, verified, user.PasswordResetRequested{}, user.PasswordResetRequested{}).When(carl, second).Then(user.PasswordResetCompleted{})
	person.Given(t, person.Registered, user.PasswordResetRequested{}).When(carl, first).Then(user.PasswordResetCompleted{}, user.AddressVerified{})

	person.Given(t, person.Registered, user.PasswordResetRequested{}, user.PasswordResetRequested{}).When(carl, first).Refused(0, "link_superseded")
	person.Given(t, person.Registered, user.PasswordResetRequested{}, user.PasswordResetCompleted{}).When(carl, first).Refused(0, "link_used")
	person.Given(t, person.Registered, user.PasswordResetRequested{}, user.PasswordChanged{}).When(carl, first).Refused(0, "link_used")
	person.Given(t, person.Registered, user.PasswordResetRequested{}).When(carl, password.ResetPassword{Link: person.Expired(first.Link)}).Refused(0, "link_expired")
	person.Given(t, person.Registered).When(carl, first).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered).When(carl, password.ResetPassword{}).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered, user.PasswordResetRequested{}).When(scenario.As(scenario.Edith), first).Refused(domain.R32, "not_found")
}

// Who sets a new password by mail has perhaps lost the account to somebody who
// wants to move it to another address: that link is dead too.
func TestResettingEndsAnAddressChange(t *testing.T) {
	t.Parallel()
	change := address.ChangeAddress{Link: person.LinkOf(user.ToChangeAddress, 1), Email: "new@example.com", Former: "carl@example.com"}
	person.Given(t, person.Registered, person.WantsNew, user.PasswordResetRequested{}, user.PasswordResetCompleted{}).
		When(scenario.As(scenario.Carl), change).Refused(0, "link_used")
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	change := password.ChangePassword{Person: scenario.Carl}
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), change).Then(user.PasswordChanged{})
	person.Given(t).When(scenario.As(scenario.Carl), change).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered).When(scenario.As(scenario.Edith), change).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered).When(scenario.System(), change).Refused(domain.R32, "not_found")
}
