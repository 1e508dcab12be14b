package workspace

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

func level(who domain.UserID, account domain.AccountID, to PostingLevel) ChangePostingLevel {
	return ChangePostingLevel{Whom: of(who), Account: account, PostingLevel: to}
}

// R50: of Editors, by the Owner or an Admin who has the account.
func TestChangePostingLevel(t *testing.T) {
	t.Parallel()
	restrict, free := level(scenario.Edith, scenario.News, ApprovalRequired), level(scenario.Edith, scenario.News, Full)
	restricted := PostingLevelChanged{Member: scenario.Edith, Account: scenario.News, To: ApprovalRequired}
	freed := PostingLevelChanged{Member: scenario.Edith, Account: scenario.News, From: ApprovalRequired, To: Full}
	for _, by := range []domain.Actor{owner, admin} {
		given(t, team(OwnerMode)...).When(by, restrict).Then(restricted)
		given(t, team(OwnerMode)...).When(by, free).Nothing()
		given(t, append(team(OwnerMode), restricted)...).When(by, restrict).Nothing()
		given(t, append(team(OwnerMode), restricted)...).When(by, free).Then(freed)
	}
}

func TestChangePostingLevelRefuses(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).When(admin, level(scenario.Edith, scenario.Blog, Full)).Refused(domain.R6, "account_not_yours")
	given(t, team(OwnerMode)...).When(admin, level(scenario.Carl, scenario.News, Full)).Refused(domain.R5, "owner_only")
	given(t, team(OwnerMode)...).When(editor, level(scenario.Edith, scenario.News, Full)).Refused(domain.R2, "owner_only")
	given(t, team(OwnerMode)...).When(owner, level(scenario.Carl, scenario.News, ApprovalRequired)).Refused(domain.R50, "level_for_editors_only")
	given(t, team(OwnerMode)...).When(owner, level(scenario.Edith, scenario.News, "")).Refused(domain.R50, "unknown_level")
	given(t, team(OwnerMode)...).When(owner, level(scenario.Edith, scenario.News, "half")).Refused(domain.R50, "unknown_level")
	given(t, team(OwnerMode)...).When(owner, level(scenario.Carl, scenario.Blog, Full)).Refused(domain.R50, "not_assigned")
	isForMembers(t, team(OwnerMode), level(scenario.Edith, scenario.News, ApprovalRequired))
}

func TestChangePostingLevelOfAnInvitation(t *testing.T) {
	t.Parallel()
	given(t, append(team(OwnerMode), doraInvited)...).
		When(admin, ChangePostingLevel{Whom: offered(doraInvited.Invitation), Account: scenario.News, PostingLevel: ApprovalRequired}).
		Then(amended(func(a *InvitationAmended) {
			a.Assignments = []Assignment{{Account: scenario.News, PostingLevel: ApprovalRequired, CredentialMode: OwnerMode}}
		}))
}
