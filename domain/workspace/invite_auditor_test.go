package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
)

var inviteAuditor = InviteAuditor{Email: "dora@example.com", RequireTwoFactor: true, Person: dora}

// auditing is what comes of it.
func auditing() AuditorInvited {
	return AuditorInvited{
		Invitation: scenario.Fresh(1), Generation: 1, Person: dora, Email: personal.New(dora, "dora@example.com"),
		RequireTwoFactor: true, ExpiresAt: scenario.Now.Add(InvitationLife),
	}
}

func TestInviteAuditor(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).When(owner, inviteAuditor).Then(auditing())
	isTheOwners(t, domain.R65, team(OwnerMode), inviteAuditor)

	member := inviteAuditor
	member.Person = scenario.Edith
	given(t, team(OwnerMode)...).When(owner, member).Refused(domain.R24, "already_member")
}

// R65: an outside auditor reads the history, and nothing else.
func TestAnAuditorMayNothingElse(t *testing.T) {
	t.Parallel()
	w := fold(append(team(OwnerMode), auditing())...)
	events, err := AcceptInvitation{Link: InvitationLink{Invitation: scenario.Fresh(1), Generation: 1}}.Decide(w, scenario.As(dora))
	require.NoError(t, err)
	require.Equal(t, []domain.Event{InvitationAccepted{
		Invitation: scenario.Fresh(1), Member: dora, Role: Client, Auditor: true, RequireTwoFactor: true,
	}}, events)
	w.Evolve(events[0])

	auditor := w.Members[dora]
	require.NoError(t, auditor.MayAudit())
	require.ErrorIs(t, auditor.MayAddAccounts(), domain.R16)
	require.ErrorIs(t, auditor.MayWrite(), domain.R17)
	for id := range w.Accounts {
		require.False(t, auditor.Holds(id))
	}
}
