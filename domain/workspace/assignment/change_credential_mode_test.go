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

func change(member domain.UserID, account domain.AccountID, mode workspace.CredentialMode) assignment.ChangeCredentialMode {
	return assignment.ChangeCredentialMode{Member: member, Account: account, Mode: mode}
}

func changed(c assignment.ChangeCredentialMode, from workspace.CredentialMode) workspace.CredentialModeChanged {
	return workspace.CredentialModeChanged{Member: c.Member, Account: c.Account, From: from, To: c.Mode}
}

// R33: the Owner changes anybody's mode at any time.
func TestChangeCredentialModeByOwner(t *testing.T) {
	t.Parallel()
	for _, member := range []domain.UserID{scenario.Adam, scenario.Edith, scenario.Carl} {
		toMember, toOwner := change(member, scenario.News, workspace.MemberMode), change(member, scenario.News, workspace.OwnerMode)
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, toMember).Then(changed(toMember, workspace.OwnerMode))
		team.Given(t, append(team.Complete(workspace.OwnerMode), changed(toMember, workspace.OwnerMode))...).When(team.Owner, toOwner).Then(changed(toOwner, workspace.MemberMode))
	}
}

func TestChangedModeReplacesOnlyItself(t *testing.T) {
	t.Parallel()
	approves := workspace.Assignment{Account: scenario.News, PostingLevel: workspace.ApprovalRequired, CredentialMode: workspace.OwnerMode}
	history := []domain.Event{team.Founded, team.NewsAdded, team.BlogAdded, team.Joined(team.Editor, workspace.Editor, team.ReadOnly, approves, team.On(scenario.Blog, workspace.OwnerMode))}

	w := team.Fold(append(history, changed(change(scenario.Edith, scenario.News, workspace.MemberMode), workspace.OwnerMode))...)
	approves.CredentialMode = workspace.MemberMode
	require.Equal(t, map[domain.AccountID]workspace.Assignment{
		scenario.News: approves, scenario.Blog: team.On(scenario.Blog, workspace.OwnerMode),
	}, w.Members[scenario.Edith].Assignments)
}

func TestChangeCredentialModeToWhatItIs(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, change(scenario.Carl, scenario.News, workspace.OwnerMode)).Nothing()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, change(scenario.Edith, scenario.News, workspace.OwnerMode)).Nothing()
}

// R5, R6, R8: an Admin changes Editors, on accounts that the Admin has, and
// grants the Owner's connection only where the Admin uses it too.
func TestChangeCredentialModeByAdmin(t *testing.T) {
	t.Parallel()
	toMember, toOwner := change(scenario.Edith, scenario.News, workspace.MemberMode), change(scenario.Edith, scenario.News, workspace.OwnerMode)
	isMember := changed(toMember, workspace.OwnerMode)

	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, toMember).Then(isMember)
	team.Given(t, team.Complete(workspace.MemberMode)...).When(team.Admin, toMember).Then(isMember)
	team.Given(t, append(team.Complete(workspace.OwnerMode), isMember)...).When(team.Admin, toOwner).Then(changed(toOwner, workspace.MemberMode))
	team.Given(t, append(team.Complete(workspace.MemberMode), isMember)...).When(team.Admin, toOwner).Refused(domain.R8, "grant_beyond_own")
	team.Given(t, team.Complete(workspace.MemberMode)...).When(team.Admin, toOwner).Refused(domain.R8, "grant_beyond_own")

	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, change(scenario.Edith, scenario.Blog, workspace.MemberMode)).Refused(domain.R6, "account_not_yours")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, change(scenario.Carl, scenario.News, workspace.MemberMode)).Refused(domain.R5, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, change(scenario.Adam, scenario.News, workspace.MemberMode)).Refused(domain.R5, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, change(scenario.Olivia, scenario.News, workspace.MemberMode)).Refused(domain.R5, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, change(scenario.Mallory, scenario.News, workspace.MemberMode)).Refused(domain.R5, "owner_only")
}

func TestChangeCredentialModeByOthers(t *testing.T) {
	t.Parallel()
	for _, own := range []domain.Actor{team.Editor, team.Client} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(own, change(own.User, scenario.News, workspace.MemberMode)).Refused(domain.R2, "owner_only")
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(own, change(scenario.Adam, scenario.News, workspace.MemberMode)).Refused(domain.R2, "owner_only")
	}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Stranger, change(scenario.Carl, scenario.News, workspace.MemberMode)).Refused(domain.R32, "not_found")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(scenario.System(), change(scenario.Carl, scenario.News, workspace.MemberMode)).Refused(domain.R32, "not_found")
	team.Given(t).When(team.Owner, change(scenario.Carl, scenario.News, workspace.MemberMode)).Refused(domain.R32, "not_found")
}

// R42: the Owner's posts always use the Owner's connection.
func TestTheOwnerHasNoMode(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).
		When(team.Owner, change(scenario.Olivia, scenario.News, workspace.MemberMode)).
		Refused(domain.R42, "owner_has_no_mode")
}

// R19: without manage_posts there is no mode at all.
func TestChangeCredentialModeWithoutManagePosts(t *testing.T) {
	t.Parallel()
	for _, access := range []workspace.ClientAccess{team.ReadOnly, {AddAccounts: true}} {
		for _, mode := range []workspace.CredentialMode{workspace.OwnerMode, workspace.MemberMode} {
			team.Given(t, team.Founded, team.NewsAdded, team.Joined(team.Client, workspace.Client, access, team.On(scenario.News, workspace.NoMode))).
				When(team.Owner, change(scenario.Carl, scenario.News, mode)).
				Refused(domain.R19, "mode_without_manage_posts")
		}
	}
}

func TestChangeCredentialModeOfWhatIsNotAssigned(t *testing.T) {
	t.Parallel()
	for _, account := range []domain.AccountID{scenario.Blog, scenario.Lost} {
		refusal := team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, change(scenario.Carl, account, workspace.MemberMode)).Refused(domain.R33, "not_assigned")
		require.Equal(t, "account", refusal.Field)
	}
	refusal := team.Given(t, team.Complete(workspace.OwnerMode)...).
		When(team.Owner, change(scenario.Mallory, scenario.News, workspace.MemberMode)).
		Refused(domain.R33, "unknown_member")
	require.Equal(t, "member", refusal.Field)
}

func TestChangeCredentialModeToNone(t *testing.T) {
	t.Parallel()
	for _, mode := range []workspace.CredentialMode{workspace.NoMode, "both", "Owner"} {
		refusal := team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, change(scenario.Carl, scenario.News, mode)).Refused(domain.R33, "mode_required")
		require.Equal(t, "mode", refusal.Field)
	}
}

// R48: posts that would be stranded do not hinder the change; it names them.
func TestChangeCredentialModeNamesStrandedPosts(t *testing.T) {
	t.Parallel()
	toMember := change(scenario.Carl, scenario.News, workspace.MemberMode)
	toMember.Stranded = team.Posts
	want := changed(toMember, workspace.OwnerMode)
	want.Stranded = team.Posts
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, toMember).Then(want)
}

func TestChangeCredentialModeOfAnInvitation(t *testing.T) {
	t.Parallel()
	toMember := assignment.ChangeCredentialMode{Invitation: team.DoraInvited.Invitation, Account: scenario.News, Mode: workspace.MemberMode}
	for _, by := range []domain.Actor{team.Owner, team.Admin} {
		team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).When(by, toMember).Then(team.Amended(func(a *workspace.InvitationAmended) {
			a.Assignments = []workspace.Assignment{team.On(scenario.News, workspace.MemberMode)}
		}))
	}
	both := toMember
	both.Member = scenario.Edith
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).When(team.Owner, both).Refused(domain.R33, "name_one")
}
