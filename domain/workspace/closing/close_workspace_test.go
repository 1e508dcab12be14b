package closing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
)

// R13: closed for good; it can be read, and deleted, and nothing else.
func TestCloseWorkspace(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, closing.CloseWorkspace{}).Then(workspace.Closed{})
	team.IsTheOwners(t, domain.R13, team.Complete(workspace.OwnerMode), closing.CloseWorkspace{})

	w := team.Fold(append(team.Complete(workspace.OwnerMode), workspace.Closed{})...)
	for _, by := range []domain.Actor{team.Owner, team.Admin, team.Editor, team.Client} {
		_, err := w.AdmitReader(by)
		require.NoError(t, err)
		_, err = w.Admit(by)
		require.ErrorIs(t, err, domain.R13)
	}
	_, err := w.AdmitReader(team.Stranger)
	require.ErrorIs(t, err, domain.R32)
}

// R13: whatever is commanded in a closed workspace, its Owner is refused with the reason.
func TestEveryCommandInAClosedWorkspace(t *testing.T) {
	t.Parallel()
	always := map[string]bool{"CreateWorkspace": true, "DeleteWorkspace": true, "CancelDeletion": true, "ExportWorkspace": true, "AcceptInvitation": true, "DeclineInvitation": true}
	w := team.Fold(append(team.Complete(workspace.OwnerMode), workspace.Closed{})...)
	for _, kind := range workspace.Aggregate().Commands {
		if kind.Issuer == domain.BySystem || always[kind.Name] {
			continue
		}
		_, err := kind.Decide(kind.New(), scenario.Acme, domain.Facts{workspace.Stream(scenario.Acme): &w}, team.Owner)
		require.ErrorIs(t, err, &domain.Refusal{Code: "workspace_closed"}, kind.Name)
	}
}
