package invitation_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

// R23: the link is dead then, for both answers.
func TestDeclineInvitation(t *testing.T) {
	t.Parallel()
	link := invitation.Link{Invitation: team.DoraInvited.Invitation, Generation: 1}
	declined := workspace.InvitationDeclined{Invitation: team.DoraInvited.Invitation}
	history := append(team.Complete(workspace.OwnerMode), team.DoraInvited)
	team.Given(t, history...).When(scenario.As(team.Dora), invitation.DeclineInvitation{Link: link}).Then(declined)
	team.Given(t, append(history, declined)...).When(scenario.As(team.Dora), invitation.DeclineInvitation{Link: link}).Refused(domain.R23, "link_declined")
	team.Given(t, append(history, declined)...).When(scenario.As(team.Dora), invitation.AcceptInvitation{Link: link}).Refused(domain.R23, "link_declined")
}

func TestDeclineInvitationRefuses(t *testing.T) {
	t.Parallel()
	link := invitation.Link{Invitation: team.DoraInvited.Invitation, Generation: 1}
	history := append(team.Complete(workspace.OwnerMode), team.DoraInvited)
	team.Given(t, history...).When(team.Owner, invitation.DeclineInvitation{Link: link}).Refused(domain.R23, "other_address")
	team.Given(t, history...).When(scenario.As(team.Dora), invitation.DeclineInvitation{}).Refused(domain.R32, "not_found")
	team.Given(t, history...).When(scenario.System(), invitation.DeclineInvitation{Link: link}).Refused(domain.R32, "not_found")
	team.Given(t, history...).When(scenario.At(scenario.As(team.Dora), team.DoraInvited.ExpiresAt), invitation.DeclineInvitation{Link: link}).Refused(domain.R23, "link_expired")
}

// R13: a closed workspace takes nobody in.
func TestInvitationsOfAClosedWorkspace(t *testing.T) {
	t.Parallel()
	link := invitation.Link{Invitation: team.DoraInvited.Invitation, Generation: 1}
	for _, command := range []any{invitation.AcceptInvitation{Link: link}, invitation.DeclineInvitation{Link: link}} {
		history := append(team.Complete(workspace.OwnerMode), team.DoraInvited)
		team.Given(t, append(history, workspace.Closed{})...).When(scenario.As(team.Dora), command).Refused(domain.R13, "workspace_closed")
		team.Given(t, append(history, workspace.Deleted{})...).When(scenario.As(team.Dora), command).Refused(domain.R32, "not_found")
	}
}
