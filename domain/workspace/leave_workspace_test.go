package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R12: everybody but the Owner may leave.
func TestLeaveWorkspace(t *testing.T) {
	t.Parallel()
	for _, by := range []domain.Actor{admin, editor, client} {
		left := MemberLeft{Member: by.User, Posts: posts}
		given(t, team(OwnerMode)...).When(by, LeaveWorkspace{Pending: posts}).Then(left)
		require.NotContains(t, fold(append(team(OwnerMode), left)...).Members, by.User)
		withdrawn, is := left.Withdraws()
		require.True(t, is)
		require.Equal(t, Withdrawn{Member: by.User, Gone: true, Posts: posts}, withdrawn)
	}
	given(t, append(team(OwnerMode), OwnershipOffered{To: scenario.Carl})...).When(client, LeaveWorkspace{}).
		Then(MemberLeft{Member: scenario.Carl, OfferLapsed: true})
	given(t, team(OwnerMode)...).When(owner, LeaveWorkspace{}).Refused(domain.R12, "owner_stays")
	isForMembers(t, team(OwnerMode), LeaveWorkspace{})
}
