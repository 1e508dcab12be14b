package assignment_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
)

func level(who domain.UserID, account domain.AccountID, to workspace.PostingLevel) assignment.ChangePostingLevel {
	return assignment.ChangePostingLevel{Whom: team.Of(who), Account: account, PostingLevel: to}
}

// R50: of Editors, by the Owner or an Admin who has the account.
func TestChangePostingLevel(t *testing.T) {
	t.Parallel()
	restrict, free := level(scenario.Edith, scenario.News, workspace.ApprovalRequired), level(scenario.Edith, scenario.News, workspace.Full)
	restricted := workspace.PostingLevelChanged{Member: scenario.Edith, Account: scenario.News, To: workspace.ApprovalRequired}
	freed := workspace.PostingLevelChanged{Member: scenario.Edith, Account: scenario.News, From: workspace.ApprovalRequired, To: workspace.Full}
	for _, by := range []domain.Actor{team.Owner, team.Admin} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(by, restrict).Then(restricted)
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(by, free).Nothing()
		team.Given(t, append(team.Complete(workspace.OwnerMode), restricted)...).When(by, restrict).Nothing()
		team.Given(t, append(team.Complete(workspace.OwnerMode), restricted)...).When(by, free).Then(freed)
	}
}

func TestChangePostingLevelRefuses(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, level(scenario.Edith, scenario.Blog, workspace.Full)).Refused(domain.R6, "account_not_yours")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, level(scenario.Carl, scenario.News, workspace.Full)).Refused(domain.R5, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Editor, level(scenario.Edith, scenario.News, workspace.Full)).Refused(domain.R2, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, level(scenario.Carl, scenario.News, workspace.ApprovalRequired)).Refused(domain.R50, "level_for_editors_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, level(scenario.Edith, scenario.News, "")).Refused(domain.R50, "unknown_level")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, level(scenario.Edith, scenario.News, "half")).Refused(domain.R50, "unknown_level")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, level(scenario.Carl, scenario.Blog, workspace.Full)).Refused(domain.R50, "not_assigned")
	team.IsForMembers(t, team.Complete(workspace.OwnerMode), level(scenario.Edith, scenario.News, workspace.ApprovalRequired))
}

func TestChangePostingLevelOfAnInvitation(t *testing.T) {
	t.Parallel()
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).
		When(team.Admin, assignment.ChangePostingLevel{Whom: team.Offered(team.DoraInvited.Invitation), Account: scenario.News, PostingLevel: workspace.ApprovalRequired}).
		Then(team.Amended(func(a *workspace.InvitationAmended) {
			a.Assignments = []workspace.Assignment{{Account: scenario.News, PostingLevel: workspace.ApprovalRequired, CredentialMode: workspace.OwnerMode}}
		}))
}
