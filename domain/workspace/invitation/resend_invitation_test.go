package invitation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

var resend = invitation.ResendInvitation{Invitation: team.DoraInvited.Invitation}

func resent(generation int) workspace.InvitationResent {
	return workspace.InvitationResent{Invitation: team.DoraInvited.Invitation, Generation: generation, ExpiresAt: scenario.Now.Add(invitation.Life)}
}

// R22, R23: a new link for seven days, and the old one is dead.
func TestResendInvitation(t *testing.T) {
	t.Parallel()
	history := append(team.Complete(workspace.OwnerMode), team.DoraInvited)
	team.Given(t, history...).When(team.Owner, resend).Then(resent(2))
	team.Given(t, history...).When(team.Admin, resend).Then(resent(2))
	team.Given(t, append(history, resent(2))...).When(team.Owner, resend).Then(resent(3))

	followed := func(generation int) invitation.AcceptInvitation {
		return invitation.AcceptInvitation{Link: invitation.Link{Invitation: team.DoraInvited.Invitation, Generation: generation}}
	}
	team.Given(t, append(history, resent(2))...).When(scenario.As(team.Dora), followed(1)).Refused(domain.R23, "link_superseded")
	late := scenario.At(scenario.As(team.Dora), team.DoraInvited.ExpiresAt.Add(time.Hour))
	team.Given(t, append(history, resent(2))...).When(late, followed(2)).
		Then(workspace.InvitationAccepted{Invitation: team.DoraInvited.Invitation, Member: team.Dora, Role: workspace.Editor, Assignments: team.DoraInvited.Assignments})
}

// An invitation that has expired can be sent again, recorded as such or not.
func TestResendExpiredInvitation(t *testing.T) {
	t.Parallel()
	expired := team.DoraInvited
	expired.ExpiresAt = scenario.Now.Add(-time.Hour)
	team.Given(t, append(team.Complete(workspace.OwnerMode), expired)...).When(team.Owner, resend).Then(resent(2))
	recorded := append(team.Complete(workspace.OwnerMode), expired, workspace.InvitationExpired{Invitation: expired.Invitation})
	team.Given(t, recorded...).When(team.Owner, resend).Then(resent(2))
	w := team.Fold(append(recorded, resent(2))...)
	require.Equal(t, workspace.Pending, w.Invitations[expired.Invitation].Status)
}

func TestResendInvitationRefuses(t *testing.T) {
	t.Parallel()
	for _, end := range []domain.Event{
		workspace.InvitationRevoked{Invitation: team.DoraInvited.Invitation}, workspace.InvitationDeclined{Invitation: team.DoraInvited.Invitation},
		workspace.InvitationSuperseded{Invitation: team.DoraInvited.Invitation},
		workspace.InvitationAccepted{Invitation: team.DoraInvited.Invitation, Member: team.Dora, Role: workspace.Editor},
	} {
		team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited, end)...).When(team.Owner, resend).Refused(domain.R22, "invitation_not_pending")
	}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, resend).Refused(domain.R22, "unknown_invitation")
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.CarlInvited)...).When(team.Admin, invitation.ResendInvitation{Invitation: team.CarlInvited.Invitation}).Refused(domain.R5, "owner_only")
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).When(team.Editor, resend).Refused(domain.R2, "owner_only")
	team.IsForMembers(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited), resend)
}

// R24: one pending invitation per person, and none of a member.
func TestResendInvitationOfWhoIsInOrInvitedAgain(t *testing.T) {
	t.Parallel()
	newer := team.DoraInvited
	newer.Invitation = domain.InvitationID{15: 7}
	expired := workspace.InvitationExpired{Invitation: team.DoraInvited.Invitation}
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited, expired, newer)...).When(team.Owner, resend).Refused(domain.R24, "invited_again")
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited, expired, team.Joined(scenario.As(team.Dora), workspace.Client, team.ReadOnly))...).
		When(team.Owner, resend).Refused(domain.R24, "already_member")
}

// R6, R8: whoever sends it again grants it.
func TestResendInvitationBeyondWhatAnAdminHas(t *testing.T) {
	t.Parallel()
	team.Given(t, append(team.Complete(workspace.MemberMode), team.DoraInvited)...).When(team.Admin, resend).Refused(domain.R8, "grant_beyond_own")
	onBlog := team.DoraInvited
	onBlog.Assignments = []workspace.Assignment{team.On(scenario.Blog, workspace.MemberMode)}
	team.Given(t, append(team.Complete(workspace.OwnerMode), onBlog)...).When(team.Admin, resend).Refused(domain.R6, "account_not_yours")
}

// R26: an account that was removed meanwhile drops out of the offer, and keeps
// no Admin from sending the rest of it again.
func TestResendInvitationWhoseAccountIsGone(t *testing.T) {
	t.Parallel()
	gone := append(team.Complete(workspace.OwnerMode), team.DoraInvited, workspace.AccountRemoved{Account: scenario.News})
	team.Given(t, gone...).When(team.Admin, resend).Then(resent(2))
}
