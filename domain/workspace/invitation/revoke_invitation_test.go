package invitation_test

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

var (
	revoke  = invitation.RevokeInvitation{Invitation: team.DoraInvited.Invitation}
	revoked = workspace.InvitationRevoked{Invitation: team.DoraInvited.Invitation}
)

// R22, R23: taken back, the link is dead.
func TestRevokeInvitation(t *testing.T) {
	t.Parallel()
	history := append(team.Complete(workspace.OwnerMode), team.DoraInvited)
	team.Given(t, history...).When(team.Owner, revoke).Then(revoked)
	team.Given(t, history...).When(team.Admin, revoke).Then(revoked)
	team.Given(t, append(history, revoked)...).When(team.Owner, revoke).Nothing()
	team.Given(t, append(history, revoked)...).
		When(scenario.As(team.Dora), invitation.AcceptInvitation{Link: invitation.Link{Invitation: team.DoraInvited.Invitation, Generation: 1}}).
		Refused(domain.R23, "link_revoked")
	team.Given(t, history...).When(scenario.At(team.Owner, scenario.Now.Add(2*time.Hour)), revoke).Then(revoked)
}

func TestRevokeInvitationRefuses(t *testing.T) {
	t.Parallel()
	for _, end := range []domain.Event{
		workspace.InvitationDeclined{Invitation: team.DoraInvited.Invitation}, workspace.InvitationSuperseded{Invitation: team.DoraInvited.Invitation},
		workspace.InvitationAccepted{Invitation: team.DoraInvited.Invitation, Member: team.Dora, Role: workspace.Editor},
	} {
		team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited, end)...).When(team.Owner, revoke).Refused(domain.R22, "invitation_not_pending")
	}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, revoke).Refused(domain.R22, "unknown_invitation")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, revoke).Refused(domain.R5, "owner_only")
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.CarlInvited)...).When(team.Admin, invitation.RevokeInvitation{Invitation: team.CarlInvited.Invitation}).Refused(domain.R5, "owner_only")
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).When(team.Client, revoke).Refused(domain.R2, "owner_only")
	team.IsForMembers(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited), revoke)
}
