package workspace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
)

func TestMayAddAccounts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		role   workspace.Role
		access workspace.ClientAccess
		refuse domain.Rule // zero: allowed
	}{
		{workspace.Owner, team.ReadOnly, 0},
		{workspace.Admin, workspace.ClientAccess{AddAccounts: true}, 0},
		{workspace.Admin, team.ReadOnly, domain.R7},
		{workspace.Client, workspace.ClientAccess{AddAccounts: true}, 0},
		{workspace.Client, team.FullyIn, 0},
		{workspace.Client, team.Writes, domain.R16},
		{workspace.Client, team.ReadOnly, domain.R16},
		{workspace.Editor, team.ReadOnly, domain.R16},
		{workspace.Editor, team.FullyIn, domain.R16},
	} {
		err := workspace.Member{Role: tc.role, Access: tc.access}.MayAddAccounts()
		if tc.refuse == 0 {
			require.NoError(t, err, "%+v", tc)
			continue
		}
		require.ErrorIs(t, err, tc.refuse, "%+v", tc)
	}
}

func TestMayWrite(t *testing.T) {
	t.Parallel()
	for _, role := range []workspace.Role{workspace.Owner, workspace.Admin, workspace.Editor} {
		require.NoError(t, workspace.Member{Role: role}.MayWrite(), role)
	}
	require.NoError(t, workspace.Member{Role: workspace.Client, Access: team.Writes}.MayWrite())
	require.ErrorIs(t, workspace.Member{Role: workspace.Client}.MayWrite(), domain.R17)
	require.ErrorIs(t, workspace.Member{Role: workspace.Client, Access: workspace.ClientAccess{AddAccounts: true}}.MayWrite(), domain.R17)
}

func TestHoldsAndPosts(t *testing.T) {
	t.Parallel()
	assigned := map[domain.AccountID]workspace.Assignment{scenario.News: {Account: scenario.News}}

	require.True(t, workspace.Member{Role: workspace.Owner}.Posts(scenario.Blog), "the Owner has every account (R2)")
	require.True(t, workspace.Member{Role: workspace.Editor, Assignments: assigned}.Posts(scenario.News))
	require.False(t, workspace.Member{Role: workspace.Editor, Assignments: assigned}.Posts(scenario.Blog))
	require.False(t, workspace.Member{Role: workspace.Admin, Assignments: assigned}.Holds(scenario.Blog), "an Admin only what is assigned (R27)")

	reader := workspace.Member{Role: workspace.Client, Assignments: assigned}
	require.True(t, reader.Holds(scenario.News))
	require.False(t, reader.Posts(scenario.News), "seeing is not writing (R15)")
}

func TestApprovedByClient(t *testing.T) {
	t.Parallel()
	approving := workspace.Assignment{Account: scenario.News, ApprovesPosts: true}
	w := team.Fold(team.Founded, team.NewsAdded, team.BlogAdded, team.Joined(team.Client, workspace.Client, team.ReadOnly, approving))
	require.True(t, w.ApprovedByClient(scenario.News))
	require.False(t, w.ApprovedByClient(scenario.Blog))

	w = team.Fold(team.Founded, team.NewsAdded, team.Joined(team.Editor, workspace.Editor, team.ReadOnly, approving))
	require.False(t, w.ApprovedByClient(scenario.News), "only Clients open the client gate (R51)")
}

func TestAccountOf(t *testing.T) {
	t.Parallel()
	w := team.Fold(team.Founded, team.NewsAdded, team.BlogAdded)
	id, held := w.AccountOf("wordpress", "blog")
	require.True(t, held)
	require.Equal(t, scenario.Blog, id)

	_, held = w.AccountOf("sandbox", "blog")
	require.False(t, held, "remote ids are the network's own")
}

func TestAssigning(t *testing.T) {
	t.Parallel()
	assigned := workspace.AccountAssigned{Member: scenario.Edith, Assignment: team.On(scenario.Blog, workspace.MemberMode)}
	w := team.Fold(team.Founded, team.NewsAdded, team.BlogAdded, team.Joined(team.Editor, workspace.Editor, team.ReadOnly, team.On(scenario.News, workspace.OwnerMode)))
	before := w.Members[scenario.Edith]
	w.Evolve(assigned)

	require.Len(t, before.Assignments, 1, "copies of a member stay as they were")
	require.Equal(t, map[domain.AccountID]workspace.Assignment{
		scenario.News: team.On(scenario.News, workspace.OwnerMode), scenario.Blog: team.On(scenario.Blog, workspace.MemberMode),
	}, w.Members[scenario.Edith].Assignments)
}
