package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R13: closed for good; it can be read, and deleted, and nothing else.
func TestCloseWorkspace(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).When(owner, CloseWorkspace{}).Then(Closed{})
	isTheOwners(t, domain.R13, team(OwnerMode), CloseWorkspace{})

	w := fold(append(team(OwnerMode), Closed{})...)
	for _, by := range []domain.Actor{owner, admin, editor, client} {
		_, err := w.AdmitReader(by)
		require.NoError(t, err)
		_, err = w.Admit(by)
		require.ErrorIs(t, err, domain.R13)
	}
	_, err := w.AdmitReader(stranger)
	require.ErrorIs(t, err, domain.R32)
}

// R13: whatever is commanded in a closed workspace, its Owner is refused with the reason.
func TestEveryCommandInAClosedWorkspace(t *testing.T) {
	t.Parallel()
	always := map[string]bool{"CreateWorkspace": true, "DeleteWorkspace": true, "CancelDeletion": true, "AcceptInvitation": true, "DeclineInvitation": true}
	w := fold(append(team(OwnerMode), Closed{})...)
	for _, kind := range Aggregate().Commands {
		if kind.Issuer == domain.BySystem || always[kind.Name] {
			continue
		}
		_, err := kind.Decide(kind.New(), scenario.Acme, domain.Facts{Stream(scenario.Acme): &w}, owner)
		require.ErrorIs(t, err, &domain.Refusal{Code: "workspace_closed"}, kind.Name)
	}
}
