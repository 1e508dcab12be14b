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

// R5: the Owner removes anybody else, an Admin Editors.
func TestRemoveMember(t *testing.T) {
	t.Parallel()
	for _, who := range []domain.UserID{scenario.Adam, scenario.Edith, scenario.Carl} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.RemoveMember{Member: who, Pending: team.Posts}).Then(workspace.MemberRemoved{Member: who, Posts: team.Posts})
	}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, membership.RemoveMember{Member: scenario.Edith}).Then(workspace.MemberRemoved{Member: scenario.Edith})
}

// R64: from that event on, they are nobody there.
func TestRemovedMemberIsOut(t *testing.T) {
	t.Parallel()
	removed := workspace.MemberRemoved{Member: scenario.Edith, OfferLapsed: true}
	history := append(team.Complete(workspace.OwnerMode), workspace.OwnershipOffered{To: scenario.Edith})
	team.Given(t, history...).When(team.Owner, membership.RemoveMember{Member: scenario.Edith}).Then(removed)
	w := team.Fold(append(history, removed)...)
	_, err := w.AdmitReader(team.Editor)
	require.ErrorIs(t, err, domain.R32)
	require.Zero(t, w.OfferedTo)

	withdrawn, is := removed.Withdraws()
	require.True(t, is)
	require.Equal(t, workspace.Withdrawn{Member: scenario.Edith, Gone: true}, withdrawn)
}

func TestRemoveMemberRefuses(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.RemoveMember{Member: scenario.Olivia}).Refused(domain.R12, "owner_stays")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.RemoveMember{Member: scenario.Mallory}).Refused(domain.R12, "unknown_member")
	for _, who := range []domain.UserID{scenario.Olivia, scenario.Adam, scenario.Carl, scenario.Mallory} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, membership.RemoveMember{Member: who}).Refused(domain.R5, "owner_only")
	}
	for _, by := range []domain.Actor{team.Editor, team.Client} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(by, membership.RemoveMember{Member: by.User}).Refused(domain.R2, "owner_only")
	}
	team.IsForMembers(t, team.Complete(workspace.OwnerMode), membership.RemoveMember{Member: scenario.Edith})
}
