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

func unassign(who domain.UserID, account domain.AccountID) assignment.UnassignAccount {
	return assignment.UnassignAccount{Whom: team.Of(who), Account: account}
}

// R61: on that account, the member's posts are the Owner's from then on.
func TestUnassignAccount(t *testing.T) {
	t.Parallel()
	take := unassign(scenario.Edith, scenario.News)
	take.Pending = team.Posts
	unassigned := workspace.AccountUnassigned{Member: scenario.Edith, Account: scenario.News, Posts: team.Posts}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, take).Then(unassigned)
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, take).Then(unassigned)

	w := team.Fold(append(team.Complete(workspace.OwnerMode), unassigned)...)
	require.False(t, w.Members[scenario.Edith].Holds(scenario.News))
	require.True(t, w.Members[scenario.Edith].Holds(scenario.Blog))
	withdrawn, is := unassigned.Withdraws()
	require.True(t, is)
	require.Equal(t, workspace.Withdrawn{Member: scenario.Edith, Accounts: []domain.AccountID{scenario.News}, Posts: team.Posts}, withdrawn)
}

func TestUnassignAccountRefuses(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, unassign(scenario.Carl, scenario.Blog)).Refused(domain.R27, "not_assigned")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, unassign(scenario.Olivia, scenario.News)).Refused(domain.R27, "not_assigned")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, unassign(scenario.Edith, scenario.Blog)).Refused(domain.R6, "account_not_yours")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, unassign(scenario.Carl, scenario.News)).Refused(domain.R5, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Editor, unassign(scenario.Edith, scenario.News)).Refused(domain.R2, "owner_only")
	team.IsForMembers(t, team.Complete(workspace.OwnerMode), unassign(scenario.Edith, scenario.News))
}

func TestUnassignAccountOfAnInvitation(t *testing.T) {
	t.Parallel()
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).
		When(team.Admin, assignment.UnassignAccount{Whom: team.Offered(team.DoraInvited.Invitation), Account: scenario.News}).
		Then(team.Amended(func(a *workspace.InvitationAmended) { a.Assignments = nil }))
}
