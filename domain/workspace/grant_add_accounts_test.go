package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R7: of an Admin, by the Owner, there and back.
func TestGrantAddAccounts(t *testing.T) {
	t.Parallel()
	grant, withdraw := GrantAddAccounts{Whom: of(scenario.Adam)}, WithdrawAddAccounts{Whom: of(scenario.Adam)}
	granted, withdrawn := AddingAccountsGranted{Member: scenario.Adam}, AddingAccountsWithdrawn{Member: scenario.Adam}
	given(t, team(OwnerMode)...).When(owner, grant).Then(granted)
	given(t, append(team(OwnerMode), granted)...).When(owner, grant).Nothing()
	given(t, append(team(OwnerMode), granted)...).When(owner, withdraw).Then(withdrawn)
	given(t, team(OwnerMode)...).When(owner, withdraw).Nothing()
	isTheOwners(t, domain.R7, team(OwnerMode), grant)
	isTheOwners(t, domain.R7, team(OwnerMode), withdraw)

	adam := fold(append(team(OwnerMode), granted)...).Members[scenario.Adam]
	require.NoError(t, adam.MayAddAccounts())
	adam = fold(append(team(OwnerMode), granted, withdrawn)...).Members[scenario.Adam]
	require.ErrorIs(t, adam.MayAddAccounts(), domain.R7)
}

func TestGrantAddAccountsToOthers(t *testing.T) {
	t.Parallel()
	for _, who := range []domain.UserID{scenario.Edith, scenario.Carl, scenario.Olivia} {
		given(t, team(OwnerMode)...).When(owner, GrantAddAccounts{Whom: of(who)}).Refused(domain.R7, "admins_only")
		given(t, team(OwnerMode)...).When(owner, WithdrawAddAccounts{Whom: of(who)}).Refused(domain.R7, "admins_only")
	}
}

func TestGrantAddAccountsToAnInvitation(t *testing.T) {
	t.Parallel()
	_, invited := inviteAdmin()
	invited.AddAccounts = false
	given(t, append(team(OwnerMode), invited)...).When(owner, GrantAddAccounts{Whom: offered(invited.Invitation)}).Then(InvitationAmended{
		Invitation: invited.Invitation, Role: Admin, Access: ClientAccess{AddAccounts: true}, RequireTwoFactor: true,
	})
}
