package assignment_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
)

func approval(who domain.UserID, account domain.AccountID, approves bool) assignment.ChangeApproval {
	return assignment.ChangeApproval{Whom: team.Of(who), Account: account, ApprovesPosts: approves}
}

// R18: of Clients, per account, whatever their flags.
func TestChangeApproval(t *testing.T) {
	t.Parallel()
	approves := workspace.ApprovalChanged{Member: scenario.Carl, Account: scenario.News, ApprovesPosts: true}
	not := workspace.ApprovalChanged{Member: scenario.Carl, Account: scenario.News}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, approval(scenario.Carl, scenario.News, true)).Then(approves)
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, approval(scenario.Carl, scenario.News, false)).Nothing()
	team.Given(t, append(team.Complete(workspace.OwnerMode), approves)...).When(team.Owner, approval(scenario.Carl, scenario.News, false)).Then(not)
	require.True(t, team.Fold(append(team.Complete(workspace.OwnerMode), approves)...).ApprovedByClient(scenario.News))
	require.False(t, team.Fold(append(team.Complete(workspace.OwnerMode), approves, not)...).ApprovedByClient(scenario.News))
}

func TestChangeApprovalRefuses(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, approval(scenario.Edith, scenario.News, true)).Refused(domain.R18, "approval_for_clients_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, approval(scenario.Edith, scenario.News, true)).Refused(domain.R18, "approval_for_clients_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, approval(scenario.Carl, scenario.Blog, true)).Refused(domain.R18, "not_assigned")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, approval(scenario.Carl, scenario.News, true)).Refused(domain.R5, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Client, approval(scenario.Carl, scenario.News, true)).Refused(domain.R2, "owner_only")
	team.IsForMembers(t, team.Complete(workspace.OwnerMode), approval(scenario.Carl, scenario.News, true))
}

func TestChangeApprovalOfAnInvitation(t *testing.T) {
	t.Parallel()
	history := []domain.Event{team.Founded, team.NewsAdded, team.BlogAdded, team.CarlInvited}
	team.Given(t, history...).
		When(team.Owner, assignment.ChangeApproval{Whom: team.Offered(team.CarlInvited.Invitation), Account: scenario.Blog, ApprovesPosts: true}).
		Then(workspace.InvitationAmended{
			Invitation: team.CarlInvited.Invitation, Role: workspace.Client, Access: team.Writes, RequireTwoFactor: true,
			Assignments: []workspace.Assignment{
				{Account: scenario.News, ApprovesPosts: true, CredentialMode: workspace.OwnerMode},
				{Account: scenario.Blog, ApprovesPosts: true, CredentialMode: workspace.MemberMode},
			},
		})
}
