package workspace

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

func TestCreateWorkspace(t *testing.T) {
	t.Parallel()
	ws := domain.WorkspaceID(scenario.Fresh(1))

	given(t).
		When(owner, CreateWorkspace{Name: " Acme "}).
		ThenOn(domain.On(Stream(ws), Created{Name: "Acme", Owner: scenario.Olivia})...)

	given(t).
		When(owner, CreateWorkspace{ID: scenario.Acme, Name: strings.Repeat("é", 100)}).
		ThenOn(domain.On(Stream(scenario.Acme), Created{Name: strings.Repeat("é", 100), Owner: scenario.Olivia})...)
}

func TestCreatorIsTheOneOwner(t *testing.T) {
	t.Parallel()
	w := fold(founded)
	require.True(t, w.Exists())
	require.Equal(t, scenario.Olivia, w.Owner)
	require.Equal(t, map[domain.UserID]Member{scenario.Olivia: {User: scenario.Olivia, Role: Owner}}, w.Members)
}

func TestCreateWorkspaceTwice(t *testing.T) {
	t.Parallel()
	given(t, founded).
		When(stranger, CreateWorkspace{ID: scenario.Acme, Name: "Mine"}).
		Refused(0, "workspace_exists")
}

func TestCreateWorkspaceRefusesMalformedNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", " \t ", "two\nlines", "nul\x00", "\xff", strings.Repeat("é", 101)} {
		refusal := given(t).When(owner, CreateWorkspace{Name: name}).Refused(0, "malformed_name")
		require.Equal(t, "name", refusal.Field)
	}
}

// A workspace without an Owner would break R3.
func TestCreateWorkspaceIsForPeople(t *testing.T) {
	t.Parallel()
	given(t).
		When(scenario.System(), CreateWorkspace{Name: "Acme"}).
		Refused(domain.R32, "not_found")
}
