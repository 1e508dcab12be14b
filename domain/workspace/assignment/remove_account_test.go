package assignment_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
)

// R7: the Owner any, whoever added one that one, while they may add.
func TestRemoveAccount(t *testing.T) {
	t.Parallel()
	adamsBlog := team.BlogAdded
	adamsBlog.AddedBy = scenario.Adam
	carlsNews := team.NewsAdded
	carlsNews.AddedBy = scenario.Carl
	history := []domain.Event{
		team.Founded, carlsNews, adamsBlog,
		team.Joined(team.Admin, workspace.Admin, workspace.ClientAccess{AddAccounts: true}, team.On(scenario.News, workspace.OwnerMode), team.On(scenario.Blog, workspace.MemberMode)),
		team.Joined(team.Editor, workspace.Editor, team.ReadOnly, team.On(scenario.News, workspace.OwnerMode), team.On(scenario.Blog, workspace.OwnerMode)),
		team.Joined(team.Client, workspace.Client, workspace.ClientAccess{AddAccounts: true}, team.On(scenario.News, workspace.NoMode)),
	}
	sorted := func(members ...domain.UserID) []domain.UserID {
		slices.SortFunc(members, func(a, b domain.UserID) int { return bytes.Compare(a[:], b[:]) })
		return members
	}
	blogRemoved := workspace.AccountRemoved{
		Account: scenario.Blog, Name: "Acme Blog", Network: "wordpress", Unassigned: sorted(scenario.Adam, scenario.Edith),
	}
	newsRemoved := workspace.AccountRemoved{
		Account: scenario.News, Name: "Acme News", Network: "sandbox", Unassigned: sorted(scenario.Adam, scenario.Edith, scenario.Carl),
	}
	team.Given(t, history...).When(team.Owner, assignment.RemoveAccount{Account: scenario.Blog}).Then(blogRemoved)
	team.Given(t, history...).When(team.Admin, assignment.RemoveAccount{Account: scenario.Blog}).Then(blogRemoved)
	team.Given(t, history...).When(team.Client, assignment.RemoveAccount{Account: scenario.News}).Then(newsRemoved)

	team.Given(t, history...).When(team.Admin, assignment.RemoveAccount{Account: scenario.News}).Refused(domain.R7, "account_of_others")
	team.Given(t, history...).When(team.Client, assignment.RemoveAccount{Account: scenario.Blog}).Refused(domain.R7, "account_of_others")
	team.Given(t, history...).When(team.Editor, assignment.RemoveAccount{Account: scenario.Blog}).Refused(domain.R16, "adding_not_granted")
	team.Given(t, append(history, workspace.AddingAccountsWithdrawn{Member: scenario.Adam})...).
		When(team.Admin, assignment.RemoveAccount{Account: scenario.Blog}).Refused(domain.R7, "adding_not_granted")
	team.Given(t, history...).When(team.Owner, assignment.RemoveAccount{Account: scenario.Lost}).Refused(domain.R27, "unknown_account")
	team.Given(t, history...).When(team.Admin, assignment.RemoveAccount{Account: scenario.Lost}).Refused(domain.R7, "account_of_others")
	team.IsForMembers(t, history, assignment.RemoveAccount{Account: scenario.Blog})
}

// Nobody is assigned to what the workspace does not hold.
func TestRemovedAccountIsNobodys(t *testing.T) {
	t.Parallel()
	before := team.Fold(team.Complete(workspace.OwnerMode)...)
	after := *before.Clone().(*workspace.Workspace)
	after.Evolve(workspace.AccountRemoved{Account: scenario.News})
	require.NotContains(t, after.Accounts, scenario.News)
	for _, member := range after.Members {
		require.NotContains(t, member.Assignments, scenario.News)
	}
	require.True(t, after.Members[scenario.Edith].Holds(scenario.Blog))
	require.True(t, before.Members[scenario.Edith].Holds(scenario.News), "copies stay as they were")
}
