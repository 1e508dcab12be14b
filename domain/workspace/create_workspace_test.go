package workspace_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
)

func TestCreateWorkspace(t *testing.T) {
	t.Parallel()
	ws := domain.WorkspaceID(scenario.Fresh(1))

	team.Given(t).
		When(team.Owner, workspace.CreateWorkspace{Name: " Acme "}).
		ThenOn(domain.On(workspace.Stream(ws), workspace.Created{Name: "Acme", Owner: scenario.Olivia})...)

	team.Given(t).
		When(team.Owner, workspace.CreateWorkspace{ID: scenario.Acme, Name: strings.Repeat("é", 100)}).
		ThenOn(domain.On(workspace.Stream(scenario.Acme), workspace.Created{Name: strings.Repeat("é", 100), Owner: scenario.Olivia})...)
}

func TestCreatorIsTheOneOwner(t *testing.T) {
	t.Parallel()
	w := team.Fold(team.Founded)
	require.True(t, w.Exists())
	require.Equal(t, scenario.Olivia, w.Owner)
	require.Equal(t, map[domain.UserID]workspace.Member{scenario.Olivia: {User: scenario.Olivia, Role: workspace.Owner}}, w.Members)
}

func TestCreateWorkspaceTwice(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Founded).
		When(team.Stranger, workspace.CreateWorkspace{ID: scenario.Acme, Name: "Mine"}).
		Refused(0, "workspace_exists")
}

func TestCreateWorkspaceRefusesMalformedNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", " \t ", "two\nlines", "nul\x00", "\xff", strings.Repeat("é", 101)} {
		refusal := team.Given(t).When(team.Owner, workspace.CreateWorkspace{Name: name}).Refused(0, "malformed_name")
		require.Equal(t, "name", refusal.Field)
	}
}

// A workspace without an Owner would break R3.
func TestCreateWorkspaceIsForPeople(t *testing.T) {
	t.Parallel()
	team.Given(t).
		When(scenario.System(), workspace.CreateWorkspace{Name: "Acme"}).
		Refused(domain.R32, "not_found")
}
