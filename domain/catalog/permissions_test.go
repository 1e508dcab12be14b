package catalog

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// permission is one line of the matrix: a command in a situation, and what
// becomes of it for each actor, in their order: "yes", or the rule that refuses.
type permission struct {
	when    string
	command func(me domain.UserID) any
	before  func(me actor) []domain.Change // what has happened besides the team's history
	cells   string                         // one for each actor; the last three are R63 R32 R32 unless they are given
}

// Who may issue which command: every command that members may issue has at
// least one line here, and every line is what its decision answers.
func TestPermissions(t *testing.T) {
	t.Parallel()
	matrix := permissions()
	for name, kind := range Commands() {
		if kind.Issuer == domain.ByMember {
			require.NotEmpty(t, matrix[name], "%s has no line in the matrix", name)
		}
	}
	for name, lines := range matrix {
		require.Contains(t, Commands(), name)
		for _, line := range lines {
			t.Run(name+" "+line.when, func(t *testing.T) {
				t.Parallel()
				for i, want := range line.expected() {
					require.Equal(t, want, decided(t, name, line, actors[i]), actors[i].name)
				}
			})
		}
	}
}

// R32: in another workspace, all of them are nobody.
func TestPermissionsEndAtTheWorkspace(t *testing.T) {
	t.Parallel()
	other := domain.WorkspaceID{0: 0x01, 15: 0x02}
	for name, lines := range permissions() {
		for _, line := range lines {
			for _, me := range actors {
				log := line.world(me)
				log.Append(domain.On(workspace.Stream(other), workspace.Created{Name: "Other", Owner: scenario.Mallory})...)
				by := me.acts()
				if by.User == scenario.Mallory {
					by.User = domain.UserID{15: 99}
				}
				decision := log.Decide(other, by, line.command(me.user))
				require.ErrorIs(t, decision.Err, domain.R32, "%s %s: %s", name, line.when, me.name)
			}
		}
	}
}

// expected are the line's cells, one for each actor.
func (p permission) expected() []string {
	cells := strings.Fields(p.cells)
	if len(cells) == len(actors)-3 {
		cells = append(cells, "R63", "R32", "R32")
	}
	if len(cells) != len(actors) {
		panic(fmt.Sprintf("%q has %d cells for %d actors", p.when, len(cells), len(actors)))
	}
	return cells
}

func (p permission) world(me actor) *scenario.Log {
	log := scenario.NewLog(Aggregates()...)
	log.Append(theTeam()...)
	log.Append(me.joined...)
	if p.before != nil {
		log.Append(p.before(me)...)
	}
	log.Append(me.after...)
	return log
}

// decided is what becomes of the command.
func decided(t *testing.T, name string, p permission, me actor) string {
	t.Helper()
	command := p.command(me.user)
	require.Equal(t, name, reflect.TypeOf(command).Name())
	decision := p.world(me).Decide(scenario.Acme, me.acts(), command)
	if decision.Err == nil {
		require.NotEmpty(t, decision.Changes, "what is permitted changes something, or the line shows nothing")
		return "yes"
	}
	var refusal *domain.Refusal
	require.ErrorAs(t, decision.Err, &refusal)
	require.NotZero(t, refusal.Rule, "%s: %s", me.name, refusal.Detail)
	return refusal.Rule.String()
}

const permissionsFile = "../../docs/permissions.md"

// The matrix is printed for people. Run with -update to write it.
func TestPermissionsDocument(t *testing.T) {
	t.Parallel()
	want := document(permissions())
	if flag.Lookup("update").Value.String() == "true" {
		require.NoError(t, os.WriteFile(permissionsFile, []byte(want), 0o644))
	}
	content, err := os.ReadFile(permissionsFile)
	require.NoError(t, err)
	require.Equal(t, want, string(content), "run the test with -update, and look at what changed")
}

const introduction = `# Who may issue which command

Every command that members may issue, in every situation that matters, and what becomes of it: ✓, or the number of the rule that
refuses. Written by a test from the data that it checks the decisions with; a command without a line fails it.

`

func document(matrix map[string][]permission) string {
	text := &strings.Builder{}
	text.WriteString(introduction)
	for _, me := range actors {
		fmt.Fprintf(text, "* **%s** %s\n", me.name, me.says)
	}
	text.WriteString("\nEverybody but the Owner, the auditor and the last two has the account *News*, and not *Blog*; who may post does so through the\n" +
		"Owner's connection, unless the line says otherwise.\n\n| command | when |")
	for _, me := range actors {
		fmt.Fprintf(text, " %s |", me.name)
	}
	text.WriteString("\n| --- | --- |" + strings.Repeat(" --- |", len(actors)) + "\n")
	for _, name := range slices.Sorted(maps.Keys(matrix)) {
		for _, line := range matrix[name] {
			fmt.Fprintf(text, "| `%s` | %s | %s |\n", name, line.when, strings.ReplaceAll(strings.Join(line.expected(), " | "), "yes", "✓"))
		}
	}
	return text.String()
}
