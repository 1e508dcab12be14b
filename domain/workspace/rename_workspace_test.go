package workspace

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
)

func TestRenameWorkspace(t *testing.T) {
	t.Parallel()
	renamed := Renamed{From: "Acme", To: "Acme & Sons"}
	given(t, team(OwnerMode)...).When(owner, RenameWorkspace{Name: " Acme & Sons "}).Then(renamed)
	given(t, team(OwnerMode)...).When(owner, RenameWorkspace{Name: "Acme"}).Nothing()
	for _, name := range []string{"", "two\nlines", strings.Repeat("a", 101)} {
		given(t, team(OwnerMode)...).When(owner, RenameWorkspace{Name: name}).Refused(0, "malformed_name")
	}
	require.Equal(t, "Acme & Sons", fold(founded, renamed).Name)
	isTheOwners(t, domain.R13, team(OwnerMode), RenameWorkspace{Name: "Evil"})
}
