package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

func TestMayAddAccounts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		role   Role
		access ClientAccess
		refuse domain.Rule // zero: allowed
	}{
		{Owner, readOnly, 0},
		{Admin, ClientAccess{AddAccounts: true}, 0},
		{Admin, readOnly, domain.R7},
		{Client, ClientAccess{AddAccounts: true}, 0},
		{Client, fullyIn, 0},
		{Client, writes, domain.R16},
		{Client, readOnly, domain.R16},
		{Editor, readOnly, domain.R16},
		{Editor, fullyIn, domain.R16},
	} {
		err := Member{Role: tc.role, Access: tc.access}.MayAddAccounts()
		if tc.refuse == 0 {
			require.NoError(t, err, "%+v", tc)
			continue
		}
		require.ErrorIs(t, err, tc.refuse, "%+v", tc)
	}
}

func TestMayWrite(t *testing.T) {
	t.Parallel()
	for _, role := range []Role{Owner, Admin, Editor} {
		require.NoError(t, Member{Role: role}.MayWrite(), role)
	}
	require.NoError(t, Member{Role: Client, Access: writes}.MayWrite())
	require.ErrorIs(t, Member{Role: Client}.MayWrite(), domain.R17)
	require.ErrorIs(t, Member{Role: Client, Access: ClientAccess{AddAccounts: true}}.MayWrite(), domain.R17)
}

func TestHoldsAndPosts(t *testing.T) {
	t.Parallel()
	assigned := map[domain.AccountID]Assignment{scenario.News: {Account: scenario.News}}

	require.True(t, Member{Role: Owner}.Posts(scenario.Blog), "the Owner has every account (R2)")
	require.True(t, Member{Role: Editor, Assignments: assigned}.Posts(scenario.News))
	require.False(t, Member{Role: Editor, Assignments: assigned}.Posts(scenario.Blog))
	require.False(t, Member{Role: Admin, Assignments: assigned}.Holds(scenario.Blog), "an Admin only what is assigned (R27)")

	reader := Member{Role: Client, Assignments: assigned}
	require.True(t, reader.Holds(scenario.News))
	require.False(t, reader.Posts(scenario.News), "seeing is not writing (R15)")
}

func TestApprovedByClient(t *testing.T) {
	t.Parallel()
	approving := Assignment{Account: scenario.News, ApprovesPosts: true}
	w := fold(founded, newsAdded, blogAdded, joined(client, Client, readOnly, approving))
	require.True(t, w.ApprovedByClient(scenario.News))
	require.False(t, w.ApprovedByClient(scenario.Blog))

	w = fold(founded, newsAdded, joined(editor, Editor, readOnly, approving))
	require.False(t, w.ApprovedByClient(scenario.News), "only Clients open the client gate (R51)")
}

func TestAccountOf(t *testing.T) {
	t.Parallel()
	w := fold(founded, newsAdded, blogAdded)
	id, held := w.AccountOf("wordpress", "blog")
	require.True(t, held)
	require.Equal(t, scenario.Blog, id)

	_, held = w.AccountOf("sandbox", "blog")
	require.False(t, held, "remote ids are the network's own")
}

func TestAssigning(t *testing.T) {
	t.Parallel()
	assigned := AccountAssigned{Member: scenario.Edith, Assignment: on(scenario.Blog, MemberMode)}
	w := fold(founded, newsAdded, blogAdded, joined(editor, Editor, readOnly, on(scenario.News, OwnerMode)))
	before := w.Members[scenario.Edith]
	w.Evolve(assigned)

	require.Len(t, before.Assignments, 1, "copies of a member stay as they were")
	require.Equal(t, map[domain.AccountID]Assignment{
		scenario.News: on(scenario.News, OwnerMode), scenario.Blog: on(scenario.Blog, MemberMode),
	}, w.Members[scenario.Edith].Assignments)
}
