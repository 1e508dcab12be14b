package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

func unassign(who domain.UserID, account domain.AccountID) UnassignAccount {
	return UnassignAccount{Whom: of(who), Account: account}
}

// R61: on that account, the member's posts are the Owner's from then on.
func TestUnassignAccount(t *testing.T) {
	t.Parallel()
	take := unassign(scenario.Edith, scenario.News)
	take.Pending = posts
	unassigned := AccountUnassigned{Member: scenario.Edith, Account: scenario.News, Posts: posts}
	given(t, team(OwnerMode)...).When(owner, take).Then(unassigned)
	given(t, team(OwnerMode)...).When(admin, take).Then(unassigned)

	w := fold(append(team(OwnerMode), unassigned)...)
	require.False(t, w.Members[scenario.Edith].Holds(scenario.News))
	require.True(t, w.Members[scenario.Edith].Holds(scenario.Blog))
	withdrawn, is := unassigned.Withdraws()
	require.True(t, is)
	require.Equal(t, Withdrawn{Member: scenario.Edith, Accounts: []domain.AccountID{scenario.News}, Posts: posts}, withdrawn)
}

func TestUnassignAccountRefuses(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).When(owner, unassign(scenario.Carl, scenario.Blog)).Refused(domain.R27, "not_assigned")
	given(t, team(OwnerMode)...).When(owner, unassign(scenario.Olivia, scenario.News)).Refused(domain.R27, "not_assigned")
	given(t, team(OwnerMode)...).When(admin, unassign(scenario.Edith, scenario.Blog)).Refused(domain.R6, "account_not_yours")
	given(t, team(OwnerMode)...).When(admin, unassign(scenario.Carl, scenario.News)).Refused(domain.R5, "owner_only")
	given(t, team(OwnerMode)...).When(editor, unassign(scenario.Edith, scenario.News)).Refused(domain.R2, "owner_only")
	isForMembers(t, team(OwnerMode), unassign(scenario.Edith, scenario.News))
}

func TestUnassignAccountOfAnInvitation(t *testing.T) {
	t.Parallel()
	given(t, append(team(OwnerMode), doraInvited)...).
		When(admin, UnassignAccount{Whom: offered(doraInvited.Invitation), Account: scenario.News}).
		Then(amended(func(a *InvitationAmended) { a.Assignments = nil }))
}
