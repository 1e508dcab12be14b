package workspace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

var resend = ResendInvitation{Invitation: doraInvited.Invitation}

func resent(generation int) InvitationResent {
	return InvitationResent{Invitation: doraInvited.Invitation, Generation: generation, ExpiresAt: scenario.Now.Add(InvitationLife)}
}

// R22, R23: a new link for seven days, and the old one is dead.
func TestResendInvitation(t *testing.T) {
	t.Parallel()
	history := append(team(OwnerMode), doraInvited)
	given(t, history...).When(owner, resend).Then(resent(2))
	given(t, history...).When(admin, resend).Then(resent(2))
	given(t, append(history, resent(2))...).When(owner, resend).Then(resent(3))

	followed := func(generation int) AcceptInvitation {
		return AcceptInvitation{Link: InvitationLink{Invitation: doraInvited.Invitation, Generation: generation}}
	}
	given(t, append(history, resent(2))...).When(scenario.As(dora), followed(1)).Refused(domain.R23, "link_superseded")
	late := scenario.At(scenario.As(dora), doraInvited.ExpiresAt.Add(time.Hour))
	given(t, append(history, resent(2))...).When(late, followed(2)).
		Then(InvitationAccepted{Invitation: doraInvited.Invitation, Member: dora, Role: Editor, Assignments: doraInvited.Assignments})
}

// An invitation that has expired can be sent again, recorded as such or not.
func TestResendExpiredInvitation(t *testing.T) {
	t.Parallel()
	expired := doraInvited
	expired.ExpiresAt = scenario.Now.Add(-time.Hour)
	given(t, append(team(OwnerMode), expired)...).When(owner, resend).Then(resent(2))
	recorded := append(team(OwnerMode), expired, InvitationExpired{Invitation: expired.Invitation})
	given(t, recorded...).When(owner, resend).Then(resent(2))
	w := fold(append(recorded, resent(2))...)
	require.Equal(t, Pending, w.Invitations[expired.Invitation].Status)
}

func TestResendInvitationRefuses(t *testing.T) {
	t.Parallel()
	for _, end := range []domain.Event{
		InvitationRevoked{Invitation: doraInvited.Invitation}, InvitationDeclined{Invitation: doraInvited.Invitation},
		InvitationSuperseded{Invitation: doraInvited.Invitation},
		InvitationAccepted{Invitation: doraInvited.Invitation, Member: dora, Role: Editor},
	} {
		given(t, append(team(OwnerMode), doraInvited, end)...).When(owner, resend).Refused(domain.R22, "invitation_not_pending")
	}
	given(t, team(OwnerMode)...).When(owner, resend).Refused(domain.R22, "unknown_invitation")
	given(t, append(team(OwnerMode), carlInvited)...).When(admin, ResendInvitation{Invitation: carlInvited.Invitation}).Refused(domain.R5, "owner_only")
	given(t, append(team(OwnerMode), doraInvited)...).When(editor, resend).Refused(domain.R2, "owner_only")
	isForMembers(t, append(team(OwnerMode), doraInvited), resend)
}

// R24: one pending invitation per person, and none of a member.
func TestResendInvitationOfWhoIsInOrInvitedAgain(t *testing.T) {
	t.Parallel()
	newer := doraInvited
	newer.Invitation = domain.InvitationID{15: 7}
	expired := InvitationExpired{Invitation: doraInvited.Invitation}
	given(t, append(team(OwnerMode), doraInvited, expired, newer)...).When(owner, resend).Refused(domain.R24, "invited_again")
	given(t, append(team(OwnerMode), doraInvited, expired, joined(scenario.As(dora), Client, readOnly))...).
		When(owner, resend).Refused(domain.R24, "already_member")
}

// R6, R8: whoever sends it again grants it.
func TestResendInvitationBeyondWhatAnAdminHas(t *testing.T) {
	t.Parallel()
	given(t, append(team(MemberMode), doraInvited)...).When(admin, resend).Refused(domain.R8, "grant_beyond_own")
	onBlog := doraInvited
	onBlog.Assignments = []Assignment{on(scenario.Blog, MemberMode)}
	given(t, append(team(OwnerMode), onBlog)...).When(admin, resend).Refused(domain.R6, "account_not_yours")
}
