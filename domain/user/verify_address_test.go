package user

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/scenario"
)

// verifying is the nth link that verifies Carl's address.
func verifying(nth int) VerifyAddress {
	return VerifyAddress{Proof: ByLink, Link: linkOf(ToVerify, nth)}
}

// linkOf is Carl's nth link for a purpose, an hour before it expires.
func linkOf(purpose Purpose, nth int) Link {
	by := scenario.As(scenario.Carl)
	return Link{Person: scenario.Carl, Purpose: purpose, Generation: nth, Expires: by.Now.Add(time.Hour)}
}

func expired(link Link) Link {
	link.Expires = scenario.As(scenario.Carl).Now
	return link
}

func TestVerifyAddress(t *testing.T) {
	t.Parallel()
	given(t, registered).When(scenario.As(scenario.Carl), verifying(1)).Then(AddressVerified{})
	given(t, registered, VerificationRequested{}).When(scenario.As(scenario.Carl), verifying(2)).Then(AddressVerified{})
	for _, proof := range []Proof{ByInvitation, ByReset, ByProvider} {
		given(t, registered).When(scenario.As(scenario.Carl), VerifyAddress{Proof: proof}).Then(AddressVerified{})
		given(t, registered, AddressVerified{}).When(scenario.As(scenario.Carl), VerifyAddress{Proof: proof}).Nothing()
	}
}

func TestVerifyAddressRefuses(t *testing.T) {
	t.Parallel()
	carl := scenario.As(scenario.Carl)
	given(t, registered, VerificationRequested{}).When(carl, verifying(1)).Refused(0, "link_superseded")
	given(t, registered, AddressVerified{}).When(carl, verifying(1)).Refused(0, "link_used")
	given(t, registered).When(carl, VerifyAddress{Proof: ByLink, Link: expired(linkOf(ToVerify, 1))}).Refused(0, "link_expired")
	given(t, registered).When(carl, VerifyAddress{Proof: ByLink, Link: linkOf(ToResetPassword, 1)}).Refused(domain.R32, "not_found")
	given(t, registered).When(carl, VerifyAddress{Proof: ByLink}).Refused(domain.R32, "not_found")
	given(t, registered).When(carl, VerifyAddress{}).Refused(domain.R32, "not_found")
	given(t).When(carl, VerifyAddress{Proof: ByProvider}).Refused(domain.R32, "not_found")
	given(t, registered, Erased{}).When(carl, verifying(1)).Refused(domain.R32, "not_found")
}

// A link verifies the address for the person whose it is: who registered
// somebody else's address gains nothing by their following it, and nobody
// follows it into an account that is not theirs.
func TestAnothersLinkVerifiesNothing(t *testing.T) {
	t.Parallel()
	link := linkOf(ToVerify, 1)
	link.Person = scenario.Edith
	given(t, registered).When(scenario.As(scenario.Carl), VerifyAddress{Proof: ByLink, Link: link}).Refused(domain.R32, "not_found")
}
