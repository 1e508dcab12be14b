package address_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/person"
	"behalf/domain/user"
	"behalf/domain/user/address"
)

// verifying is the nth link that verifies Carl's address.
func verifying(nth int) address.VerifyAddress {
	return address.VerifyAddress{Proof: user.ByLink, Link: person.LinkOf(user.ToVerify, nth)}
}

func TestVerifyAddress(t *testing.T) {
	t.Parallel()
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), verifying(1)).Then(user.AddressVerified{})
	person.Given(t, person.Registered, user.VerificationRequested{}).When(scenario.As(scenario.Carl), verifying(2)).Then(user.AddressVerified{})
	for _, proof := range []user.Proof{user.ByInvitation, user.ByReset, user.ByProvider} {
		person.Given(t, person.Registered).When(scenario.As(scenario.Carl), address.VerifyAddress{Proof: proof}).Then(user.AddressVerified{})
		person.Given(t, person.Registered, user.AddressVerified{}).When(scenario.As(scenario.Carl), address.VerifyAddress{Proof: proof}).Nothing()
	}
}

func TestVerifyAddressRefuses(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	person.Given(t, person.Registered, user.VerificationRequested{}).When(carl, verifying(1)).Refused(0, "link_superseded")
	person.Given(t, person.Registered, user.AddressVerified{}).When(carl, verifying(1)).Refused(0, "link_used")
	person.Given(t, person.Registered).When(carl, address.VerifyAddress{Proof: user.ByLink, Link: person.Expired(person.LinkOf(user.ToVerify, 1))}).Refused(0, "link_expired")
	person.Given(t, person.Registered).When(carl, address.VerifyAddress{Proof: user.ByLink, Link: person.LinkOf(user.ToResetPassword, 1)}).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered).When(carl, address.VerifyAddress{Proof: user.ByLink}).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered).When(carl, address.VerifyAddress{}).Refused(domain.R32, "not_found")
	person.Given(t).When(carl, address.VerifyAddress{Proof: user.ByProvider}).Refused(domain.R32, "not_found")
	person.Given(t, person.Registered, user.Erased{}).When(carl, verifying(1)).Refused(domain.R32, "not_found")
}

// A link verifies the address for the person whose it is: who registered
// somebody else's address gains nothing by their following it, and nobody
// follows it into an account that is not theirs.
func TestAnothersLinkVerifiesNothing(t *testing.T) {
	t.Parallel()
	link := person.LinkOf(user.ToVerify, 1)
	link.Person = scenario.Edith
	person.Given(t, person.Registered).When(scenario.As(scenario.Carl), address.VerifyAddress{Proof: user.ByLink, Link: link}).Refused(domain.R32, "not_found")
}
