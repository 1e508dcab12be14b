package membership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/membership"
)

// R65: of any member, by the Owner, there and back.
func TestGrantAuditor(t *testing.T) {
	t.Parallel()
	for _, who := range []domain.UserID{scenario.Adam, scenario.Edith, scenario.Carl} {
		grant, withdraw := membership.GrantAuditor{Whom: team.Of(who)}, membership.WithdrawAuditor{Whom: team.Of(who)}
		granted, withdrawn := workspace.AuditorGranted{Member: who}, workspace.AuditorWithdrawn{Member: who}
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, grant).Then(granted)
		team.Given(t, append(team.Complete(workspace.OwnerMode), granted)...).When(team.Owner, grant).Nothing()
		team.Given(t, append(team.Complete(workspace.OwnerMode), granted)...).When(team.Owner, withdraw).Then(withdrawn)
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, withdraw).Nothing()
		require.NoError(t, team.Fold(append(team.Complete(workspace.OwnerMode), granted)...).Members[who].MayAudit())
		require.ErrorIs(t, team.Fold(append(team.Complete(workspace.OwnerMode), granted, withdrawn)...).Members[who].MayAudit(), domain.R65)
	}
	team.IsTheOwners(t, domain.R65, team.Complete(workspace.OwnerMode), membership.GrantAuditor{Whom: team.Of(scenario.Edith)})
	team.IsTheOwners(t, domain.R65, team.Complete(workspace.OwnerMode), membership.WithdrawAuditor{Whom: team.Of(scenario.Edith)})
}

func TestTheOwnerAuditsAnyway(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.GrantAuditor{Whom: team.Of(scenario.Olivia)}).Refused(domain.R65, "owner_audits")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.WithdrawAuditor{Whom: team.Of(scenario.Olivia)}).Refused(domain.R65, "owner_audits")
	require.NoError(t, team.Fold(team.Founded).Members[scenario.Olivia].MayAudit())
}

func TestGrantAuditorToAnInvitation(t *testing.T) {
	t.Parallel()
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).
		When(team.Owner, membership.GrantAuditor{Whom: team.Offered(team.DoraInvited.Invitation)}).
		Then(team.Amended(func(a *workspace.InvitationAmended) { a.Auditor = true }))
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.Auditing())...).
		When(team.Owner, membership.WithdrawAuditor{Whom: team.Offered(team.Auditing().Invitation)}).
		Then(workspace.InvitationAmended{Invitation: team.Auditing().Invitation, Role: workspace.Client, RequireTwoFactor: true})
}
