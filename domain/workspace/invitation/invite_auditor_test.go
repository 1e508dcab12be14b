package invitation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

var inviteAuditor = invitation.InviteAuditor{Email: "dora@example.com", RequireTwoFactor: true, Person: team.Dora}

func TestInviteAuditor(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, inviteAuditor).Then(team.Auditing())
	team.IsTheOwners(t, domain.R65, team.Complete(workspace.OwnerMode), inviteAuditor)

	member := inviteAuditor
	member.Person = scenario.Edith
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, member).Refused(domain.R24, "already_member")
}

// R65: an outside auditor reads the history, and nothing else.
func TestAnAuditorMayNothingElse(t *testing.T) {
	t.Parallel()
	w := team.Fold(append(team.Complete(workspace.OwnerMode), team.Auditing())...)
	events, err := invitation.AcceptInvitation{Link: invitation.Link{Invitation: scenario.Fresh(1), Generation: 1}}.Decide(w, scenario.As(team.Dora))
	require.NoError(t, err)
	require.Equal(t, []domain.Event{workspace.InvitationAccepted{
		Invitation: scenario.Fresh(1), Member: team.Dora, Role: workspace.Client, Auditor: true, RequireTwoFactor: true,
	}}, events)
	w.Evolve(events[0])

	auditor := w.Members[team.Dora]
	require.NoError(t, auditor.MayAudit())
	require.ErrorIs(t, auditor.MayAddAccounts(), domain.R16)
	require.ErrorIs(t, auditor.MayWrite(), domain.R17)
	for id := range w.Accounts {
		require.False(t, auditor.Holds(id))
	}
}
