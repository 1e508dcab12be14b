package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

func approval(who domain.UserID, account domain.AccountID, approves bool) ChangeApproval {
	return ChangeApproval{Whom: of(who), Account: account, ApprovesPosts: approves}
}

// R18: of Clients, per account, whatever their flags.
func TestChangeApproval(t *testing.T) {
	t.Parallel()
	approves := ApprovalChanged{Member: scenario.Carl, Account: scenario.News, ApprovesPosts: true}
	not := ApprovalChanged{Member: scenario.Carl, Account: scenario.News}
	given(t, team(OwnerMode)...).When(owner, approval(scenario.Carl, scenario.News, true)).Then(approves)
	given(t, team(OwnerMode)...).When(owner, approval(scenario.Carl, scenario.News, false)).Nothing()
	given(t, append(team(OwnerMode), approves)...).When(owner, approval(scenario.Carl, scenario.News, false)).Then(not)
	require.True(t, fold(append(team(OwnerMode), approves)...).ApprovedByClient(scenario.News))
	require.False(t, fold(append(team(OwnerMode), approves, not)...).ApprovedByClient(scenario.News))
}

func TestChangeApprovalRefuses(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).When(owner, approval(scenario.Edith, scenario.News, true)).Refused(domain.R18, "approval_for_clients_only")
	given(t, team(OwnerMode)...).When(admin, approval(scenario.Edith, scenario.News, true)).Refused(domain.R18, "approval_for_clients_only")
	given(t, team(OwnerMode)...).When(owner, approval(scenario.Carl, scenario.Blog, true)).Refused(domain.R18, "not_assigned")
	given(t, team(OwnerMode)...).When(admin, approval(scenario.Carl, scenario.News, true)).Refused(domain.R5, "owner_only")
	given(t, team(OwnerMode)...).When(client, approval(scenario.Carl, scenario.News, true)).Refused(domain.R2, "owner_only")
	isForMembers(t, team(OwnerMode), approval(scenario.Carl, scenario.News, true))
}

func TestChangeApprovalOfAnInvitation(t *testing.T) {
	t.Parallel()
	history := []domain.Event{founded, newsAdded, blogAdded, carlInvited}
	given(t, history...).
		When(owner, ChangeApproval{Whom: offered(carlInvited.Invitation), Account: scenario.Blog, ApprovesPosts: true}).
		Then(InvitationAmended{
			Invitation: carlInvited.Invitation, Role: Client, Access: writes, RequireTwoFactor: true,
			Assignments: []Assignment{
				{Account: scenario.News, ApprovesPosts: true, CredentialMode: OwnerMode},
				{Account: scenario.Blog, ApprovesPosts: true, CredentialMode: MemberMode},
			},
		})
}
