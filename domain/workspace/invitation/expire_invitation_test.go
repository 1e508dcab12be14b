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

// R23: exact to its moment, and once.
func TestExpireInvitation(t *testing.T) {
	t.Parallel()
	expire := invitation.ExpireInvitation{Invitation: team.DoraInvited.Invitation}
	expired := workspace.InvitationExpired{Invitation: team.DoraInvited.Invitation}
	history := append(team.Complete(workspace.OwnerMode), team.DoraInvited)
	at := func(moment time.Time) domain.Actor { return scenario.At(scenario.System(), moment) }
	team.Given(t, history...).When(at(team.DoraInvited.ExpiresAt.Add(-time.Nanosecond)), expire).Nothing()
	team.Given(t, history...).When(at(team.DoraInvited.ExpiresAt), expire).Then(expired)
	team.Given(t, append(history, expired)...).When(at(team.DoraInvited.ExpiresAt), expire).Nothing()
	team.Given(t, append(history, resent(2))...).When(at(team.DoraInvited.ExpiresAt), expire).Nothing()
	team.Given(t, append(history, revoked)...).When(at(team.DoraInvited.ExpiresAt), expire).Nothing()
	team.Given(t, append(history, expired)...).
		When(scenario.As(team.Dora), invitation.AcceptInvitation{Link: invitation.Link{Invitation: team.DoraInvited.Invitation, Generation: 1}}).
		Refused(domain.R23, "link_expired")
	team.IsBehalfs(t, history, expire)
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(scenario.System(), expire).Refused(domain.R32, "not_found")
}
