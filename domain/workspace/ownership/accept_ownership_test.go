package ownership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/ownership"
)

// R3, R11: one Owner, the new one; the old one is an Admin with every account,
// through their own connections.
func TestAcceptOwnership(t *testing.T) {
	t.Parallel()
	history := append(team.Complete(workspace.OwnerMode), workspace.TwoFactorRequired{Member: scenario.Olivia}, workspace.OwnershipOffered{To: scenario.Edith})
	transferred := workspace.OwnershipTransferred{
		From: scenario.Olivia, To: scenario.Edith, Assignments: []workspace.Assignment{team.On(scenario.News, workspace.MemberMode), team.On(scenario.Blog, workspace.MemberMode)},
	}
	team.Given(t, history...).When(team.Editor, ownership.AcceptOwnership{}).Then(transferred)

	w := team.Fold(append(history, transferred)...)
	require.Equal(t, scenario.Edith, w.Owner)
	require.Equal(t, workspace.Member{User: scenario.Edith, Role: workspace.Owner}, w.Members[scenario.Edith])
	require.Equal(t, workspace.Member{
		User: scenario.Olivia, Role: workspace.Admin, RequireTwoFactor: true, Assignments: team.Held(transferred.Assignments...),
	}, w.Members[scenario.Olivia])
	require.Zero(t, w.OfferedTo, "an offer is accepted once")
	team.Given(t, append(history, transferred)...).When(team.Editor, ownership.AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
}

func TestAcceptOwnershipRefuses(t *testing.T) {
	t.Parallel()
	history := append(team.Complete(workspace.OwnerMode), workspace.OwnershipOffered{To: scenario.Edith})
	for _, by := range []domain.Actor{team.Owner, team.Admin, team.Client} {
		team.Given(t, history...).When(by, ownership.AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
		team.Given(t, history...).When(by, ownership.DeclineOwnership{}).Refused(domain.R11, "ownership_not_offered")
	}
	moved := append(history, workspace.OwnershipOffered{To: scenario.Adam})
	team.Given(t, moved...).When(team.Editor, ownership.AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
	team.IsForMembers(t, history, ownership.AcceptOwnership{})
	team.IsForMembers(t, history, ownership.DeclineOwnership{})
}

// An offer ends with the membership, and does not come back with it.
func TestOfferToWhoLeft(t *testing.T) {
	t.Parallel()
	history := append(team.Complete(workspace.OwnerMode), workspace.OwnershipOffered{To: scenario.Edith}, workspace.MemberRemoved{Member: scenario.Edith}, team.Joined(team.Editor, workspace.Editor, team.ReadOnly))
	team.Given(t, history...).When(team.Editor, ownership.AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
}

func TestDeclineOwnership(t *testing.T) {
	t.Parallel()
	history := append(team.Complete(workspace.OwnerMode), workspace.OwnershipOffered{To: scenario.Edith})
	declined := workspace.OwnershipDeclined{By: scenario.Edith}
	team.Given(t, history...).When(team.Editor, ownership.DeclineOwnership{}).Then(declined)
	team.Given(t, append(history, declined)...).When(team.Editor, ownership.AcceptOwnership{}).Refused(domain.R11, "ownership_not_offered")
}
