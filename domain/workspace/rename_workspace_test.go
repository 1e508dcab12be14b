package workspace_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
)

func TestRenameWorkspace(t *testing.T) {
	t.Parallel()
	renamed := workspace.Renamed{From: "Acme", To: "Acme & Sons"}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, workspace.RenameWorkspace{Name: " Acme & Sons "}).Then(renamed)
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, workspace.RenameWorkspace{Name: "Acme"}).Nothing()
	for _, name := range []string{"", "two\nlines", strings.Repeat("a", 101)} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, workspace.RenameWorkspace{Name: name}).Refused(0, "malformed_name")
	}
	require.Equal(t, "Acme & Sons", team.Fold(team.Founded, renamed).Name)
	team.IsTheOwners(t, domain.R13, team.Complete(workspace.OwnerMode), workspace.RenameWorkspace{Name: "Evil"})
}
