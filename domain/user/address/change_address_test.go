package address_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/address"
	"behalf/domain/user/password"
)

// changing is the command with Carl's nth link.
func changing(nth int) address.ChangeAddress {
	return address.ChangeAddress{Link: person.LinkOf(user.ToChangeAddress, nth), Email: "new@example.com", Former: "carl@example.com"}
}

func TestRequestAddressChange(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	person.Given(t, person.Registered).When(carl, address.RequestAddressChange{Email: "new@example.com"}).Then(person.WantsNew)
	person.Given(t, person.Registered, person.WantsNew).When(carl, address.RequestAddressChange{Email: "new@example.com"}).Then(person.WantsNew)
	person.Given(t, person.Registered).When(carl, address.RequestAddressChange{Email: "new"}).Refused(0, "malformed_email")
	person.Given(t).When(carl, address.RequestAddressChange{Email: "new@example.com"}).Refused(domain.R32, "not_found")
}

func TestChangeAddress(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	person.Given(t, person.Registered, person.WantsNew).When(carl, changing(1)).Then(person.Changed)
	person.Given(t, person.Registered, person.WantsNew, person.WantsNew).When(carl, changing(1)).Refused(0, "link_superseded")
	person.Given(t, person.Registered, person.WantsNew, person.Changed).When(carl, changing(1)).Refused(0, "link_used")
	person.Given(t, person.Registered).When(carl, changing(1)).Refused(domain.R32, "not_found")
	late := changing(1)
	late.Link = person.Expired(late.Link)
	person.Given(t, person.Registered, person.WantsNew).When(carl, late).Refused(0, "link_expired")
	others := changing(1)
	others.Link.Person = scenario.Edith
	person.Given(t, person.Registered, person.WantsNew).When(carl, others).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered, person.WantsNew).When(scenario.As(scenario.Edith), changing(1)).Refused(domain.R32, "not_found")
}

// Changing the address verifies it, and kills the links that went to the former one.
func TestFormerAddressesLinksAreDead(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	person.Given(t, person.Registered, user.PasswordResetRequested{}, person.WantsNew, person.Changed).
		When(carl, password.ResetPassword{Link: person.LinkOf(user.ToResetPassword, 1)}).Refused(0, "link_used")
	person.Given(t, person.Registered, person.WantsNew, person.Changed).When(scenario.As(scenario.Carl), address.RequestVerification{Person: scenario.Carl}).Nothing()
	person.Given(t, person.Registered, person.WantsNew, person.Changed).When(carl, verifying(1)).Refused(0, "link_used")
}
