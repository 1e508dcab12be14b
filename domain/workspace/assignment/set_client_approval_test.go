package assignment_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
)

// R51: any one of the approving Clients, unless set to all.
func TestSetClientApproval(t *testing.T) {
	t.Parallel()
	toAll, toAny := assignment.SetClientApproval{scenario.News, workspace.AllClients}, assignment.SetClientApproval{scenario.News, workspace.AnyClient}
	all := workspace.ClientApprovalChanged{Account: scenario.News, From: workspace.AnyClient, To: workspace.AllClients}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, toAll).Then(all)
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, toAny).Nothing()
	team.Given(t, append(team.Complete(workspace.OwnerMode), all)...).When(team.Owner, toAny).
		Then(workspace.ClientApprovalChanged{Account: scenario.News, From: workspace.AllClients, To: workspace.AnyClient})
	require.Equal(t, workspace.AllClients, team.Fold(append(team.Complete(workspace.OwnerMode), all)...).Accounts[scenario.News].Approval)

	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, assignment.SetClientApproval{scenario.Lost, workspace.AllClients}).Refused(domain.R51, "unknown_account")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, assignment.SetClientApproval{scenario.News, "most"}).Refused(domain.R51, "unknown_approval")
	team.IsTheOwners(t, domain.R51, team.Complete(workspace.OwnerMode), toAll)
}
