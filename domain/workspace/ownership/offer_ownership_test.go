package ownership_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/ownership"
)

// R11: nothing changes but who may accept.
func TestOfferOwnership(t *testing.T) {
	t.Parallel()
	toAdam := workspace.OwnershipOffered{To: scenario.Adam}
	for _, who := range []domain.UserID{scenario.Adam, scenario.Edith, scenario.Carl} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, ownership.OfferOwnership{Member: who}).Then(workspace.OwnershipOffered{To: who})
	}
	team.Given(t, append(team.Complete(workspace.OwnerMode), toAdam)...).When(team.Owner, ownership.OfferOwnership{Member: scenario.Adam}).Nothing()
	team.Given(t, append(team.Complete(workspace.OwnerMode), toAdam)...).When(team.Owner, ownership.OfferOwnership{Member: scenario.Edith}).Then(workspace.OwnershipOffered{To: scenario.Edith})
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, ownership.OfferOwnership{Member: scenario.Olivia}).Refused(domain.R11, "is_the_owner")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, ownership.OfferOwnership{Member: scenario.Mallory}).Refused(domain.R11, "unknown_member")
	team.IsTheOwners(t, domain.R11, team.Complete(workspace.OwnerMode), ownership.OfferOwnership{Member: scenario.Adam})
}

func TestWithdrawOwnershipOffer(t *testing.T) {
	t.Parallel()
	history := append(team.Complete(workspace.OwnerMode), workspace.OwnershipOffered{To: scenario.Adam})
	withdrawn := workspace.OwnershipOfferWithdrawn{To: scenario.Adam}
	team.Given(t, history...).When(team.Owner, ownership.WithdrawOwnershipOffer{}).Then(withdrawn)
	team.Given(t, append(history, withdrawn)...).When(team.Owner, ownership.WithdrawOwnershipOffer{}).Nothing()
	team.Given(t, append(history, withdrawn)...).When(team.Admin, ownership.AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
	team.IsTheOwners(t, domain.R11, history, ownership.WithdrawOwnershipOffer{})
}
