package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R51: any one of the approving Clients, unless set to all.
func TestSetClientApproval(t *testing.T) {
	t.Parallel()
	toAll, toAny := SetClientApproval{scenario.News, AllClients}, SetClientApproval{scenario.News, AnyClient}
	all := ClientApprovalChanged{Account: scenario.News, From: AnyClient, To: AllClients}
	given(t, team(OwnerMode)...).When(owner, toAll).Then(all)
	given(t, team(OwnerMode)...).When(owner, toAny).Nothing()
	given(t, append(team(OwnerMode), all)...).When(owner, toAny).
		Then(ClientApprovalChanged{Account: scenario.News, From: AllClients, To: AnyClient})
	require.Equal(t, AllClients, fold(append(team(OwnerMode), all)...).Accounts[scenario.News].Approval)

	given(t, team(OwnerMode)...).When(owner, SetClientApproval{scenario.Lost, AllClients}).Refused(domain.R51, "unknown_account")
	given(t, team(OwnerMode)...).When(owner, SetClientApproval{scenario.News, "most"}).Refused(domain.R51, "unknown_approval")
	isTheOwners(t, domain.R51, team(OwnerMode), toAll)
}
