package assignment_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
)

func assign(who domain.UserID, what workspace.Assignment) assignment.AssignAccount {
	return assignment.AssignAccount{Whom: team.Of(who), Assignment: what}
}

func TestAssignAccount(t *testing.T) {
	t.Parallel()
	approved := workspace.Assignment{Account: scenario.News, PostingLevel: workspace.ApprovalRequired, CredentialMode: workspace.OwnerMode}
	history := []domain.Event{
		team.Founded, team.NewsAdded, team.BlogAdded, team.Joined(team.Admin, workspace.Admin, team.ReadOnly, team.On(scenario.News, workspace.OwnerMode)), team.Joined(team.Editor, workspace.Editor, team.ReadOnly),
		team.Joined(team.Client, workspace.Client, team.ReadOnly),
	}
	toEdith := assign(scenario.Edith, approved)
	team.Given(t, history...).When(team.Owner, toEdith).Then(workspace.AccountAssigned{Member: scenario.Edith, Assignment: approved})
	team.Given(t, history...).When(team.Admin, toEdith).Then(workspace.AccountAssigned{Member: scenario.Edith, Assignment: approved})
	toCarl := assign(scenario.Carl, workspace.Assignment{Account: scenario.News, ApprovesPosts: true})
	team.Given(t, history...).When(team.Owner, toCarl).Then(workspace.AccountAssigned{Member: scenario.Carl, Assignment: toCarl.Assignment})
	toAdam := assign(scenario.Adam, team.On(scenario.Blog, workspace.MemberMode))
	team.Given(t, history...).When(team.Owner, toAdam).Then(workspace.AccountAssigned{Member: scenario.Adam, Assignment: toAdam.Assignment})

	again := append(history, workspace.AccountAssigned{Member: scenario.Edith, Assignment: approved})
	team.Given(t, again...).When(team.Owner, toEdith).Nothing()
	team.Given(t, again...).When(team.Owner, assign(scenario.Edith, team.On(scenario.News, workspace.MemberMode))).Refused(domain.R27, "assigned_already")
}

// R6, R8: an Admin gives only what the Admin has, and only to Editors (R5).
func TestAssignAccountByAdmin(t *testing.T) {
	t.Parallel()
	bare := append(team.Complete(workspace.MemberMode), workspace.AccountUnassigned{Member: scenario.Edith, Account: scenario.News})
	team.Given(t, bare...).When(team.Admin, assign(scenario.Edith, team.On(scenario.News, workspace.OwnerMode))).Refused(domain.R8, "grant_beyond_own")
	team.Given(t, bare...).When(team.Admin, assign(scenario.Edith, team.On(scenario.News, workspace.MemberMode))).
		Then(workspace.AccountAssigned{Member: scenario.Edith, Assignment: team.On(scenario.News, workspace.MemberMode)})
	team.Given(t, bare...).When(team.Admin, assign(scenario.Edith, team.On(scenario.Blog, workspace.MemberMode))).Refused(domain.R6, "account_not_yours")
	for _, who := range []domain.UserID{scenario.Olivia, scenario.Adam, scenario.Carl} {
		team.Given(t, bare...).When(team.Admin, assign(who, team.On(scenario.News, workspace.MemberMode))).Refused(domain.R5, "owner_only")
	}
	team.Given(t, bare...).When(team.Editor, assign(scenario.Edith, team.On(scenario.News, workspace.MemberMode))).Refused(domain.R2, "owner_only")
	team.IsForMembers(t, bare, assign(scenario.Edith, team.On(scenario.News, workspace.MemberMode)))
}

func TestAssignAccountRefuses(t *testing.T) {
	t.Parallel()
	for code, tc := range map[string]struct {
		assign assignment.AssignAccount
		rule   domain.Rule
		field  string
	}{
		"unknown_account":           {assign(scenario.Edith, team.On(scenario.Lost, workspace.OwnerMode)), domain.R27, "assignment.account"},
		"mode_required":             {assign(scenario.Edith, team.On(scenario.News, workspace.NoMode)), domain.R33, "assignment.credential_mode"},
		"level_for_editors_only":    {assign(scenario.Adam, workspace.Assignment{Account: scenario.Blog, PostingLevel: workspace.ApprovalRequired}), domain.R50, "assignment.posting_level"},
		"approval_for_clients_only": {assign(scenario.Edith, workspace.Assignment{Account: scenario.News, ApprovesPosts: true}), domain.R18, "assignment.approves_posts"},
		"owner_has_all_accounts":    {assign(scenario.Olivia, team.On(scenario.News, workspace.OwnerMode)), domain.R27, ""},
		"unknown_member":            {assign(scenario.Mallory, team.On(scenario.News, workspace.OwnerMode)), domain.R27, "member"},
	} {
		refusal := team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, tc.assign).Refused(tc.rule, code)
		require.Equal(t, tc.field, refusal.Field)
	}
	readOnlyCarl := []domain.Event{team.Founded, team.NewsAdded, team.Joined(team.Client, workspace.Client, team.ReadOnly)}
	team.Given(t, readOnlyCarl...).When(team.Owner, assign(scenario.Carl, team.On(scenario.News, workspace.OwnerMode))).Refused(domain.R19, "mode_without_manage_posts")
}

func TestAssignAccountToAnInvitation(t *testing.T) {
	t.Parallel()
	toDora := assignment.AssignAccount{Whom: team.Offered(team.DoraInvited.Invitation), Assignment: team.On(scenario.Blog, workspace.MemberMode)}
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).When(team.Owner, toDora).Then(team.Amended(func(a *workspace.InvitationAmended) {
		a.Assignments = []workspace.Assignment{team.On(scenario.News, workspace.OwnerMode), team.On(scenario.Blog, workspace.MemberMode)}
	}))
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).When(team.Admin, toDora).Refused(domain.R6, "account_not_yours")
}
