package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R7: the Owner any, whoever added one that one, while they may add.
func TestRemoveAccount(t *testing.T) {
	t.Parallel()
	adamsBlog := blogAdded
	adamsBlog.AddedBy = scenario.Adam
	carlsNews := newsAdded
	carlsNews.AddedBy = scenario.Carl
	history := []domain.Event{
		founded, carlsNews, adamsBlog,
		joined(admin, Admin, ClientAccess{AddAccounts: true}, on(scenario.News, OwnerMode), on(scenario.Blog, MemberMode)),
		joined(editor, Editor, readOnly, on(scenario.News, OwnerMode), on(scenario.Blog, OwnerMode)),
		joined(client, Client, ClientAccess{AddAccounts: true}, on(scenario.News, NoMode)),
	}
	blogRemoved := AccountRemoved{Account: scenario.Blog}
	given(t, history...).When(owner, RemoveAccount{Account: scenario.Blog}).Then(blogRemoved)
	given(t, history...).When(admin, RemoveAccount{Account: scenario.Blog}).Then(blogRemoved)
	given(t, history...).When(client, RemoveAccount{Account: scenario.News}).Then(AccountRemoved{Account: scenario.News})

	given(t, history...).When(admin, RemoveAccount{Account: scenario.News}).Refused(domain.R7, "account_of_others")
	given(t, history...).When(client, RemoveAccount{Account: scenario.Blog}).Refused(domain.R7, "account_of_others")
	given(t, history...).When(editor, RemoveAccount{Account: scenario.Blog}).Refused(domain.R16, "adding_not_granted")
	given(t, append(history, AddingAccountsWithdrawn{Member: scenario.Adam})...).
		When(admin, RemoveAccount{Account: scenario.Blog}).Refused(domain.R7, "adding_not_granted")
	given(t, history...).When(owner, RemoveAccount{Account: scenario.Lost}).Refused(domain.R27, "unknown_account")
	given(t, history...).When(admin, RemoveAccount{Account: scenario.Lost}).Refused(domain.R7, "account_of_others")
	isForMembers(t, history, RemoveAccount{Account: scenario.Blog})
}

// Nobody is assigned to what the workspace does not hold.
func TestRemovedAccountIsNobodys(t *testing.T) {
	t.Parallel()
	before := fold(team(OwnerMode)...)
	after := *before.Clone().(*Workspace)
	after.Evolve(AccountRemoved{Account: scenario.News})
	require.NotContains(t, after.Accounts, scenario.News)
	for _, member := range after.Members {
		require.NotContains(t, member.Assignments, scenario.News)
	}
	require.True(t, after.Members[scenario.Edith].Holds(scenario.Blog))
	require.True(t, before.Members[scenario.Edith].Holds(scenario.News), "copies stay as they were")
}
