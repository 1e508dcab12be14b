package membership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/membership"
)

// R12: everybody but the Owner may leave.
func TestLeaveWorkspace(t *testing.T) {
	t.Parallel()
	for _, by := range []domain.Actor{team.Admin, team.Editor, team.Client} {
		left := workspace.MemberLeft{Member: by.User, Posts: team.Posts}
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(by, membership.LeaveWorkspace{Pending: team.Posts}).Then(left)
		require.NotContains(t, team.Fold(append(team.Complete(workspace.OwnerMode), left)...).Members, by.User)
		withdrawn, is := left.Withdraws()
		require.True(t, is)
		require.Equal(t, workspace.Withdrawn{Member: by.User, Gone: true, Posts: team.Posts}, withdrawn)
	}
	team.Given(t, append(team.Complete(workspace.OwnerMode), workspace.OwnershipOffered{To: scenario.Carl})...).When(team.Client, membership.LeaveWorkspace{}).
		Then(workspace.MemberLeft{Member: scenario.Carl, OfferLapsed: true})
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.LeaveWorkspace{}).Refused(domain.R12, "owner_stays")
	team.IsForMembers(t, team.Complete(workspace.OwnerMode), membership.LeaveWorkspace{})
}
