package workspace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/workspace"
)

// R63: who has to enable two-factor authentication, and has not, gets nowhere
// else in the workspace; everybody else does.
func TestAdmit(t *testing.T) {
	t.Parallel()
	owner, client := domain.UserID{1}, domain.UserID{2}
	w := workspace.Workspace{Owner: owner, Members: map[domain.UserID]workspace.Member{
		owner:  {User: owner, Role: workspace.Owner},
		client: {User: client, Role: workspace.Client, RequireTwoFactor: true},
	}}
	for name, test := range map[string]struct {
		by   domain.Actor
		rule domain.Rule
	}{
		"a member":                     {domain.Actor{User: owner}, 0},
		"required, not proved (R63)":   {domain.Actor{User: client}, domain.R63},
		"required and proved":          {domain.Actor{User: client, TwoFactor: true}, 0},
		"an outsider (R32)":            {domain.Actor{User: domain.UserID{3}}, domain.R32},
		"an outsider with two factors": {domain.Actor{User: domain.UserID{3}, TwoFactor: true}, domain.R32},
		"nobody":                       {domain.Actor{}, domain.R32},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			member, err := w.Admit(test.by)
			if test.rule == 0 {
				require.NoError(t, err)
				require.Equal(t, test.by.User, member.User)
				return
			}
			require.ErrorIs(t, err, test.rule)
			require.Zero(t, member)
		})
	}
}
