package user

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

var (
	wantsNew = AddressChangeRequested{Email: says(scenario.Carl, "new@example.com")}
	changed  = AddressChanged{Email: says(scenario.Carl, "new@example.com"), Former: says(scenario.Carl, "carl@example.com")}
)

// changing is the command with Carl's nth link.
func changing(nth int) ChangeAddress {
	return ChangeAddress{Link: linkOf(ToChangeAddress, nth), Email: "new@example.com", Former: "carl@example.com"}
}

func TestRequestAddressChange(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	given(t, registered).When(carl, RequestAddressChange{Email: "new@example.com"}).Then(wantsNew)
	given(t, registered, wantsNew).When(carl, RequestAddressChange{Email: "new@example.com"}).Then(wantsNew)
	given(t, registered).When(carl, RequestAddressChange{Email: "new"}).Refused(0, "malformed_email")
	given(t).When(carl, RequestAddressChange{Email: "new@example.com"}).Refused(domain.R32, "not_found")
}

func TestChangeAddress(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	given(t, registered, wantsNew).When(carl, changing(1)).Then(changed)
	given(t, registered, wantsNew, wantsNew).When(carl, changing(1)).Refused(0, "link_superseded")
	given(t, registered, wantsNew, changed).When(carl, changing(1)).Refused(0, "link_used")
	given(t, registered).When(carl, changing(1)).Refused(domain.R32, "not_found")
	late := changing(1)
	late.Link = expired(late.Link)
	given(t, registered, wantsNew).When(carl, late).Refused(0, "link_expired")
	others := changing(1)
	others.Link.Person = scenario.Edith
	given(t, registered, wantsNew).When(carl, others).Refused(domain.R32, "not_found")
	given(t, registered, wantsNew).When(scenario.As(scenario.Edith), changing(1)).Refused(domain.R32, "not_found")
}

// Changing the address verifies it, and kills the links that went to the former one.
func TestFormerAddressesLinksAreDead(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	given(t, registered, PasswordResetRequested{}, wantsNew, changed).
		When(carl, ResetPassword{Link: linkOf(ToResetPassword, 1)}).Refused(0, "link_used")
	given(t, registered, wantsNew, changed).When(scenario.As(scenario.Carl), RequestVerification{Person: scenario.Carl}).Nothing()
	given(t, registered, wantsNew, changed).When(carl, verifying(1)).Refused(0, "link_used")
}
