package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R65: of any member, by the Owner, there and back.
func TestGrantAuditor(t *testing.T) {
	t.Parallel()
	for _, who := range []domain.UserID{scenario.Adam, scenario.Edith, scenario.Carl} {
		grant, withdraw := GrantAuditor{Whom: of(who)}, WithdrawAuditor{Whom: of(who)}
		granted, withdrawn := AuditorGranted{Member: who}, AuditorWithdrawn{Member: who}
		given(t, team(OwnerMode)...).When(owner, grant).Then(granted)
		given(t, append(team(OwnerMode), granted)...).When(owner, grant).Nothing()
		given(t, append(team(OwnerMode), granted)...).When(owner, withdraw).Then(withdrawn)
		given(t, team(OwnerMode)...).When(owner, withdraw).Nothing()
		require.NoError(t, fold(append(team(OwnerMode), granted)...).Members[who].MayAudit())
		require.ErrorIs(t, fold(append(team(OwnerMode), granted, withdrawn)...).Members[who].MayAudit(), domain.R65)
	}
	isTheOwners(t, domain.R65, team(OwnerMode), GrantAuditor{Whom: of(scenario.Edith)})
	isTheOwners(t, domain.R65, team(OwnerMode), WithdrawAuditor{Whom: of(scenario.Edith)})
}

func TestTheOwnerAuditsAnyway(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).When(owner, GrantAuditor{Whom: of(scenario.Olivia)}).Refused(domain.R65, "owner_audits")
	given(t, team(OwnerMode)...).When(owner, WithdrawAuditor{Whom: of(scenario.Olivia)}).Refused(domain.R65, "owner_audits")
	require.NoError(t, fold(founded).Members[scenario.Olivia].MayAudit())
}

func TestGrantAuditorToAnInvitation(t *testing.T) {
	t.Parallel()
	given(t, append(team(OwnerMode), doraInvited)...).
		When(owner, GrantAuditor{Whom: offered(doraInvited.Invitation)}).
		Then(amended(func(a *InvitationAmended) { a.Auditor = true }))
	given(t, append(team(OwnerMode), auditing())...).
		When(owner, WithdrawAuditor{Whom: offered(auditing().Invitation)}).
		Then(InvitationAmended{Invitation: auditing().Invitation, Role: Client, RequireTwoFactor: true})
}
