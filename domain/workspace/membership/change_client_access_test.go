package membership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/membership"
)

func access(flags workspace.ClientAccess) membership.ChangeClientAccess {
	return membership.ChangeClientAccess{Whom: team.Of(scenario.Carl), Access: flags}
}

// R19, R61: with manage_posts go the modes, and the posts pass to the Owner.
func TestWithdrawManagePosts(t *testing.T) {
	t.Parallel()
	change := access(workspace.ClientAccess{AddAccounts: true})
	change.Pending = team.Posts
	want := workspace.ClientAccessChanged{Member: scenario.Carl, From: team.Writes, To: change.Access, Posts: team.Posts}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, change).Then(want)

	w := team.Fold(append(team.Complete(workspace.OwnerMode), want)...)
	require.Equal(t, team.On(scenario.News, workspace.NoMode), w.Members[scenario.Carl].Assignments[scenario.News])
	withdrawn, is := want.Withdraws()
	require.True(t, is)
	require.Equal(t, workspace.Withdrawn{Member: scenario.Carl, Posts: team.Posts}, withdrawn)
}

// R19: where manage_posts is new, a mode is asked for.
func TestGrantManagePosts(t *testing.T) {
	t.Parallel()
	approves := workspace.Assignment{Account: scenario.News, ApprovesPosts: true}
	history := []domain.Event{team.Founded, team.NewsAdded, team.BlogAdded, team.Joined(team.Client, workspace.Client, team.ReadOnly, approves, team.On(scenario.Blog, workspace.NoMode))}
	change := access(team.FullyIn)
	team.Given(t, history...).When(team.Owner, change).Refused(domain.R19, "mode_required")
	change.CredentialMode = workspace.OwnerMode
	want := workspace.ClientAccessChanged{Member: scenario.Carl, From: team.ReadOnly, To: team.FullyIn, Mode: workspace.OwnerMode}
	team.Given(t, history...).When(team.Owner, change).Then(want)
	_, is := want.Withdraws()
	require.False(t, is)

	approves.CredentialMode = workspace.OwnerMode
	w := team.Fold(append(history, want)...)
	require.Equal(t, team.Held(approves, team.On(scenario.Blog, workspace.OwnerMode)), w.Members[scenario.Carl].Assignments)

	none := []domain.Event{team.Founded, team.Joined(team.Client, workspace.Client, team.ReadOnly)}
	team.Given(t, none...).When(team.Owner, access(team.Writes)).Then(workspace.ClientAccessChanged{Member: scenario.Carl, From: team.ReadOnly, To: team.Writes})
}

// The other flag changes nothing about the modes.
func TestChangeAddAccountsOfAClient(t *testing.T) {
	t.Parallel()
	want := workspace.ClientAccessChanged{Member: scenario.Carl, From: team.Writes, To: team.FullyIn}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, access(team.FullyIn)).Then(want)
	w := team.Fold(append(team.Complete(workspace.OwnerMode), want)...)
	require.Equal(t, workspace.OwnerMode, w.Members[scenario.Carl].Assignments[scenario.News].CredentialMode)
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, access(team.Writes)).Nothing()
}

// R19: a mode is not dropped without a word. Where manage_posts is set already,
// the one that is named has to be that of every account.
func TestChangeClientAccessWithAMode(t *testing.T) {
	t.Parallel()
	in := func(flags workspace.ClientAccess, mode workspace.CredentialMode) membership.ChangeClientAccess {
		change := access(flags)
		change.CredentialMode = mode
		return change
	}
	adds := workspace.ClientAccessChanged{Member: scenario.Carl, From: team.Writes, To: team.FullyIn}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, in(team.FullyIn, workspace.MemberMode)).Refused(domain.R19, "mode_set_already")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, in(team.Writes, workspace.MemberMode)).Refused(domain.R19, "mode_set_already")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, in(team.FullyIn, workspace.OwnerMode)).Then(adds)
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, in(team.Writes, workspace.OwnerMode)).Nothing()

	mixed := []domain.Event{team.Founded, team.NewsAdded, team.BlogAdded, team.Joined(team.Client, workspace.Client, team.Writes, team.On(scenario.News, workspace.OwnerMode), team.On(scenario.Blog, workspace.MemberMode))}
	team.Given(t, mixed...).When(team.Owner, in(team.FullyIn, workspace.OwnerMode)).Refused(domain.R19, "mode_set_already")
	team.Given(t, mixed...).When(team.Owner, in(team.FullyIn, workspace.MemberMode)).Refused(domain.R19, "mode_set_already")

	reads := []domain.Event{team.Founded, team.NewsAdded, team.Joined(team.Client, workspace.Client, team.ReadOnly, team.On(scenario.News, workspace.NoMode))}
	team.Given(t, reads...).When(team.Owner, in(team.ReadOnly, workspace.OwnerMode)).Refused(domain.R19, "mode_without_manage_posts")
	team.Given(t, reads...).When(team.Owner, in(workspace.ClientAccess{AddAccounts: true}, workspace.OwnerMode)).Refused(domain.R19, "mode_without_manage_posts")

	none := []domain.Event{team.Founded, team.Joined(team.Client, workspace.Client, team.Writes)}
	team.Given(t, none...).When(team.Owner, in(team.FullyIn, workspace.MemberMode)).Then(adds)
}

func TestChangeClientAccessRefuses(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, access(team.ReadOnly)).Refused(domain.R5, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Client, access(team.FullyIn)).Refused(domain.R2, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.ChangeClientAccess{Whom: team.Of(scenario.Edith), Access: team.Writes}).Refused(domain.R14, "flags_for_clients_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.ChangeClientAccess{Whom: team.Of(scenario.Mallory)}).Refused(domain.R14, "unknown_member")
	mode := access(team.ReadOnly)
	mode.CredentialMode = workspace.OwnerMode
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, mode).Refused(domain.R19, "mode_without_manage_posts")
	team.IsForMembers(t, team.Complete(workspace.OwnerMode), access(team.ReadOnly))
}

func TestChangeClientAccessOfAnInvitation(t *testing.T) {
	t.Parallel()
	history := []domain.Event{team.Founded, team.NewsAdded, team.BlogAdded, team.CarlInvited}
	team.Given(t, history...).When(team.Owner, membership.ChangeClientAccess{Whom: team.Offered(team.CarlInvited.Invitation)}).Then(workspace.InvitationAmended{
		Invitation: team.CarlInvited.Invitation, Role: workspace.Client, RequireTwoFactor: true,
		Assignments: []workspace.Assignment{{Account: scenario.News, ApprovesPosts: true}, team.On(scenario.Blog, workspace.NoMode)},
	})
}
