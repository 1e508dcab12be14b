package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R3, R11: one Owner, the new one; the old one is an Admin with every account,
// through their own connections.
func TestAcceptOwnership(t *testing.T) {
	t.Parallel()
	history := append(team(OwnerMode), TwoFactorRequired{Member: scenario.Olivia}, OwnershipOffered{To: scenario.Edith})
	transferred := OwnershipTransferred{
		From: scenario.Olivia, To: scenario.Edith, Assignments: []Assignment{on(scenario.News, MemberMode), on(scenario.Blog, MemberMode)},
	}
	given(t, history...).When(editor, AcceptOwnership{}).Then(transferred)

	w := fold(append(history, transferred)...)
	require.Equal(t, scenario.Edith, w.Owner)
	require.Equal(t, Member{User: scenario.Edith, Role: Owner}, w.Members[scenario.Edith])
	require.Equal(t, Member{
		User: scenario.Olivia, Role: Admin, RequireTwoFactor: true, Assignments: byAccount(transferred.Assignments),
	}, w.Members[scenario.Olivia])
	require.Zero(t, w.OfferedTo, "an offer is accepted once")
	given(t, append(history, transferred)...).When(editor, AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
}

func TestAcceptOwnershipRefuses(t *testing.T) {
	t.Parallel()
	history := append(team(OwnerMode), OwnershipOffered{To: scenario.Edith})
	for _, by := range []domain.Actor{owner, admin, client} {
		given(t, history...).When(by, AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
		given(t, history...).When(by, DeclineOwnership{}).Refused(domain.R11, "ownership_not_offered")
	}
	moved := append(history, OwnershipOffered{To: scenario.Adam})
	given(t, moved...).When(editor, AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
	isForMembers(t, history, AcceptOwnership{})
	isForMembers(t, history, DeclineOwnership{})
}

// An offer ends with the membership, and does not come back with it.
func TestOfferToWhoLeft(t *testing.T) {
	t.Parallel()
	history := append(team(OwnerMode), OwnershipOffered{To: scenario.Edith}, MemberRemoved{Member: scenario.Edith}, joined(editor, Editor, readOnly))
	given(t, history...).When(editor, AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
}

func TestDeclineOwnership(t *testing.T) {
	t.Parallel()
	history := append(team(OwnerMode), OwnershipOffered{To: scenario.Edith})
	declined := OwnershipDeclined{By: scenario.Edith}
	given(t, history...).When(editor, DeclineOwnership{}).Then(declined)
	given(t, append(history, declined)...).When(editor, AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
}
