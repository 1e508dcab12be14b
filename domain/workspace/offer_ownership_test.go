package workspace

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R11: nothing changes but who may accept.
func TestOfferOwnership(t *testing.T) {
	t.Parallel()
	toAdam := OwnershipOffered{To: scenario.Adam}
	for _, who := range []domain.UserID{scenario.Adam, scenario.Edith, scenario.Carl} {
		given(t, team(OwnerMode)...).When(owner, OfferOwnership{Member: who}).Then(OwnershipOffered{To: who})
	}
	given(t, append(team(OwnerMode), toAdam)...).When(owner, OfferOwnership{Member: scenario.Adam}).Nothing()
	given(t, append(team(OwnerMode), toAdam)...).When(owner, OfferOwnership{Member: scenario.Edith}).Then(OwnershipOffered{To: scenario.Edith})
	given(t, team(OwnerMode)...).When(owner, OfferOwnership{Member: scenario.Olivia}).Refused(domain.R11, "is_the_owner")
	given(t, team(OwnerMode)...).When(owner, OfferOwnership{Member: scenario.Mallory}).Refused(domain.R11, "unknown_member")
	isTheOwners(t, domain.R11, team(OwnerMode), OfferOwnership{Member: scenario.Adam})
}

func TestWithdrawOwnershipOffer(t *testing.T) {
	t.Parallel()
	history := append(team(OwnerMode), OwnershipOffered{To: scenario.Adam})
	withdrawn := OwnershipOfferWithdrawn{To: scenario.Adam}
	given(t, history...).When(owner, WithdrawOwnershipOffer{}).Then(withdrawn)
	given(t, append(history, withdrawn)...).When(owner, WithdrawOwnershipOffer{}).Nothing()
	given(t, append(history, withdrawn)...).When(admin, AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
	isTheOwners(t, domain.R11, history, WithdrawOwnershipOffer{})
}
