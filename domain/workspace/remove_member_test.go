package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R5: the Owner removes anybody else, an Admin Editors.
func TestRemoveMember(t *testing.T) {
	t.Parallel()
	for _, who := range []domain.UserID{scenario.Adam, scenario.Edith, scenario.Carl} {
		given(t, team(OwnerMode)...).When(owner, RemoveMember{Member: who, Pending: posts}).Then(MemberRemoved{Member: who, Posts: posts})
	}
	given(t, team(OwnerMode)...).When(admin, RemoveMember{Member: scenario.Edith}).Then(MemberRemoved{Member: scenario.Edith})
}

// R64: from that event on, they are nobody there.
func TestRemovedMemberIsOut(t *testing.T) {
	t.Parallel()
	removed := MemberRemoved{Member: scenario.Edith, OfferLapsed: true}
	history := append(team(OwnerMode), OwnershipOffered{To: scenario.Edith})
	given(t, history...).When(owner, RemoveMember{Member: scenario.Edith}).Then(removed)
	w := fold(append(history, removed)...)
	_, err := w.AdmitReader(editor)
	require.ErrorIs(t, err, domain.R32)
	require.Zero(t, w.OfferedTo)

	withdrawn, is := removed.Withdraws()
	require.True(t, is)
	require.Equal(t, Withdrawn{Member: scenario.Edith, Gone: true}, withdrawn)
}

func TestRemoveMemberRefuses(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).When(owner, RemoveMember{Member: scenario.Olivia}).Refused(domain.R12, "owner_stays")
	given(t, team(OwnerMode)...).When(owner, RemoveMember{Member: scenario.Mallory}).Refused(domain.R12, "unknown_member")
	for _, who := range []domain.UserID{scenario.Olivia, scenario.Adam, scenario.Carl, scenario.Mallory} {
		given(t, team(OwnerMode)...).When(admin, RemoveMember{Member: who}).Refused(domain.R5, "owner_only")
	}
	for _, by := range []domain.Actor{editor, client} {
		given(t, team(OwnerMode)...).When(by, RemoveMember{Member: by.User}).Refused(domain.R2, "owner_only")
	}
	isForMembers(t, team(OwnerMode), RemoveMember{Member: scenario.Edith})
}
