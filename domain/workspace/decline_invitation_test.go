package workspace

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R23: the link is dead then, for both answers.
func TestDeclineInvitation(t *testing.T) {
	t.Parallel()
	link := InvitationLink{Invitation: doraInvited.Invitation, Generation: 1}
	declined := InvitationDeclined{Invitation: doraInvited.Invitation}
	history := append(team(OwnerMode), doraInvited)
	given(t, history...).When(scenario.As(dora), DeclineInvitation{Link: link}).Then(declined)
	given(t, append(history, declined)...).When(scenario.As(dora), DeclineInvitation{Link: link}).Refused(domain.R23, "link_declined")
	given(t, append(history, declined)...).When(scenario.As(dora), AcceptInvitation{Link: link}).Refused(domain.R23, "link_declined")
}

func TestDeclineInvitationRefuses(t *testing.T) {
	t.Parallel()
	link := InvitationLink{Invitation: doraInvited.Invitation, Generation: 1}
	history := append(team(OwnerMode), doraInvited)
	given(t, history...).When(owner, DeclineInvitation{Link: link}).Refused(domain.R23, "other_address")
	given(t, history...).When(scenario.As(dora), DeclineInvitation{}).Refused(domain.R32, "not_found")
	given(t, history...).When(scenario.System(), DeclineInvitation{Link: link}).Refused(domain.R32, "not_found")
	given(t, history...).When(scenario.At(scenario.As(dora), doraInvited.ExpiresAt), DeclineInvitation{Link: link}).Refused(domain.R23, "link_expired")
}

// R13: a closed workspace takes nobody in.
func TestInvitationsOfAClosedWorkspace(t *testing.T) {
	t.Parallel()
	link := InvitationLink{Invitation: doraInvited.Invitation, Generation: 1}
	for _, command := range []any{AcceptInvitation{Link: link}, DeclineInvitation{Link: link}} {
		history := append(team(OwnerMode), doraInvited)
		given(t, append(history, Closed{})...).When(scenario.As(dora), command).Refused(domain.R13, "workspace_closed")
		given(t, append(history, Deleted{})...).When(scenario.As(dora), command).Refused(domain.R32, "not_found")
	}
}
