package membership_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/membership"
)

// R7: of an Admin, by the Owner, there and back.
func TestGrantAddAccounts(t *testing.T) {
	t.Parallel()
	grant, withdraw := membership.GrantAddAccounts{Whom: team.Of(scenario.Adam)}, membership.WithdrawAddAccounts{Whom: team.Of(scenario.Adam)}
	granted, withdrawn := workspace.AddingAccountsGranted{Member: scenario.Adam}, workspace.AddingAccountsWithdrawn{Member: scenario.Adam}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, grant).Then(granted)
	team.Given(t, append(team.Complete(workspace.OwnerMode), granted)...).When(team.Owner, grant).Nothing()
	team.Given(t, append(team.Complete(workspace.OwnerMode), granted)...).When(team.Owner, withdraw).Then(withdrawn)
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, withdraw).Nothing()
	team.IsTheOwners(t, domain.R7, team.Complete(workspace.OwnerMode), grant)
	team.IsTheOwners(t, domain.R7, team.Complete(workspace.OwnerMode), withdraw)

	adam := team.Fold(append(team.Complete(workspace.OwnerMode), granted)...).Members[scenario.Adam]
	require.NoError(t, adam.MayAddAccounts())
	adam = team.Fold(append(team.Complete(workspace.OwnerMode), granted, withdrawn)...).Members[scenario.Adam]
	require.ErrorIs(t, adam.MayAddAccounts(), domain.R7)
}

func TestGrantAddAccountsToOthers(t *testing.T) {
	t.Parallel()
	for _, who := range []domain.UserID{scenario.Edith, scenario.Carl, scenario.Olivia} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.GrantAddAccounts{Whom: team.Of(who)}).Refused(domain.R7, "admins_only")
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.WithdrawAddAccounts{Whom: team.Of(who)}).Refused(domain.R7, "admins_only")
	}
}

func TestGrantAddAccountsToAnInvitation(t *testing.T) {
	t.Parallel()
	invited := workspace.AdminInvited{
		Invitation: domain.InvitationID{15: 7}, Generation: 1, Person: team.Dora, RequireTwoFactor: true, ExpiresAt: scenario.Now.Add(time.Hour),
	}
	team.Given(t, append(team.Complete(workspace.OwnerMode), invited)...).When(team.Owner, membership.GrantAddAccounts{Whom: team.Offered(invited.Invitation)}).Then(workspace.InvitationAmended{
		Invitation: invited.Invitation, Role: workspace.Admin, Access: workspace.ClientAccess{AddAccounts: true}, RequireTwoFactor: true,
	})
}
