package workspace

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R23: exact to its moment, and once.
func TestExpireInvitation(t *testing.T) {
	t.Parallel()
	expire := ExpireInvitation{Invitation: doraInvited.Invitation}
	expired := InvitationExpired{Invitation: doraInvited.Invitation}
	history := append(team(OwnerMode), doraInvited)
	at := func(moment time.Time) domain.Actor { return scenario.At(scenario.System(), moment) }
	given(t, history...).When(at(doraInvited.ExpiresAt.Add(-time.Nanosecond)), expire).Nothing()
	given(t, history...).When(at(doraInvited.ExpiresAt), expire).Then(expired)
	given(t, append(history, expired)...).When(at(doraInvited.ExpiresAt), expire).Nothing()
	given(t, append(history, resent(2))...).When(at(doraInvited.ExpiresAt), expire).Nothing()
	given(t, append(history, revoked)...).When(at(doraInvited.ExpiresAt), expire).Nothing()
	given(t, append(history, expired)...).
		When(scenario.As(dora), AcceptInvitation{Link: InvitationLink{Invitation: doraInvited.Invitation, Generation: 1}}).
		Refused(domain.R23, "link_expired")
	isBehalfs(t, history, expire)
	given(t, team(OwnerMode)...).When(scenario.System(), expire).Refused(domain.R32, "not_found")
}
