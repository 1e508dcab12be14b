package past

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/workspace"
)

var (
	olivia = domain.UserID{15: 1}
	carl   = domain.UserID{15: 2}
	news   = domain.AccountID{15: 3}
)

func acme(members ...Member) Membership {
	return Membership{Workspace: domain.WorkspaceID{15: 9}, Name: "Acme", Owner: olivia, Members: members}
}

func assigned(mode workspace.CredentialMode) Member {
	return Member{User: carl, Role: workspace.Client, Assignments: []workspace.Assignment{{Account: news, CredentialMode: mode}}}
}

func TestDiffOfTheSame(t *testing.T) {
	t.Parallel()
	before, after := acme(assigned(workspace.OwnerMode)), acme(assigned(workspace.OwnerMode))
	after.Version, after.Position = before.Version+1, before.Position+1
	differences, err := Diff(before, after)
	require.NoError(t, err)
	require.Empty(t, differences, "versions and positions are no difference")
}

func TestDiffNamesTheField(t *testing.T) {
	t.Parallel()
	differences, err := Diff(acme(assigned(workspace.OwnerMode)), acme(assigned(workspace.MemberMode)))
	require.NoError(t, err)
	require.Equal(t, []Difference{{
		Subject: "member " + carl.String() + " on " + news.String(), Field: "credential_mode",
		Before: []byte(`"owner"`), After: []byte(`"member"`),
	}}, differences)
}

func TestDiffOfWhatCameAndWent(t *testing.T) {
	t.Parallel()
	differences, err := Diff(acme(), acme(assigned(workspace.OwnerMode)))
	require.NoError(t, err)
	require.Len(t, differences, 2, "the member and the assignment")
	for _, d := range differences {
		require.Empty(t, d.Field)
		require.Nil(t, d.Before)
		require.NotEmpty(t, d.After)
	}
	back, err := Diff(acme(assigned(workspace.OwnerMode)), acme())
	require.NoError(t, err)
	for i, d := range back {
		require.Equal(t, differences[i].Subject, d.Subject)
		require.Equal(t, differences[i].After, d.Before)
		require.Nil(t, d.After)
	}
}
