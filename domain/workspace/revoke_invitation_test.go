package workspace

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/scenario"
)

var (
	revoke  = RevokeInvitation{Invitation: doraInvited.Invitation}
	revoked = InvitationRevoked{Invitation: doraInvited.Invitation}
)

// R22, R23: taken back, the link is dead.
func TestRevokeInvitation(t *testing.T) {
	t.Parallel()
	history := append(team(OwnerMode), doraInvited)
	given(t, history...).When(owner, revoke).Then(revoked)
	given(t, history...).When(admin, revoke).Then(revoked)
	given(t, append(history, revoked)...).When(owner, revoke).Nothing()
	given(t, append(history, revoked)...).
		When(scenario.As(dora), AcceptInvitation{Link: InvitationLink{Invitation: doraInvited.Invitation, Generation: 1}}).
		Refused(domain.R23, "link_revoked")
	given(t, history...).When(scenario.At(owner, scenario.Now.Add(2*time.Hour)), revoke).Then(revoked)
}

func TestRevokeInvitationRefuses(t *testing.T) {
	t.Parallel()
	for _, end := range []domain.Event{
		InvitationDeclined{Invitation: doraInvited.Invitation}, InvitationSuperseded{Invitation: doraInvited.Invitation},
		InvitationAccepted{Invitation: doraInvited.Invitation, Member: dora, Role: Editor},
	} {
		given(t, append(team(OwnerMode), doraInvited, end)...).When(owner, revoke).Refused(domain.R22, "invitation_not_pending")
	}
	given(t, team(OwnerMode)...).When(owner, revoke).Refused(domain.R22, "unknown_invitation")
	given(t, team(OwnerMode)...).When(admin, revoke).Refused(domain.R5, "owner_only")
	given(t, append(team(OwnerMode), carlInvited)...).When(admin, RevokeInvitation{Invitation: carlInvited.Invitation}).Refused(domain.R5, "owner_only")
	given(t, append(team(OwnerMode), doraInvited)...).When(client, revoke).Refused(domain.R2, "owner_only")
	isForMembers(t, append(team(OwnerMode), doraInvited), revoke)
}
