package membership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/domain/workspace/membership"
)

func toRole(who domain.UserID, role workspace.Role) membership.ChangeRole {
	return membership.ChangeRole{Whom: team.Of(who), Role: role}
}

// R4: between Admin, Editor and Client; what does not go with the new role is dropped.
func TestChangeRole(t *testing.T) {
	t.Parallel()
	needsApproval := workspace.Assignment{Account: scenario.News, PostingLevel: workspace.ApprovalRequired, CredentialMode: workspace.OwnerMode}
	history := []domain.Event{
		team.Founded, team.NewsAdded, team.BlogAdded, team.Joined(team.Admin, workspace.Admin, workspace.ClientAccess{AddAccounts: true}, team.On(scenario.News, workspace.MemberMode)),
		team.Joined(team.Editor, workspace.Editor, team.ReadOnly, needsApproval),
		team.Joined(team.Client, workspace.Client, team.FullyIn, workspace.Assignment{Account: scenario.Blog, ApprovesPosts: true, CredentialMode: workspace.OwnerMode}),
	}
	adds, manages := toRole(scenario.Edith, workspace.Admin), toRole(scenario.Adam, workspace.Client)
	adds.Access, manages.Access = workspace.ClientAccess{AddAccounts: true}, team.Writes
	for _, tc := range []struct {
		change membership.ChangeRole
		want   workspace.RoleChanged
	}{
		{adds, workspace.RoleChanged{
			Member: scenario.Edith, From: workspace.Editor, To: workspace.Admin, Access: adds.Access, Assignments: []workspace.Assignment{team.On(scenario.News, workspace.OwnerMode)},
		}},
		{manages, workspace.RoleChanged{
			Member: scenario.Adam, From: workspace.Admin, To: workspace.Client, Access: team.Writes, Assignments: []workspace.Assignment{team.On(scenario.News, workspace.MemberMode)},
		}},
		{toRole(scenario.Carl, workspace.Editor), workspace.RoleChanged{
			Member: scenario.Carl, From: workspace.Client, To: workspace.Editor, Assignments: []workspace.Assignment{team.On(scenario.Blog, workspace.OwnerMode)},
		}},
	} {
		team.Given(t, history...).When(team.Owner, tc.change).Then(tc.want)
		w := team.Fold(append(history, tc.want)...)
		require.Equal(t, tc.change.Role, w.Members[tc.want.Member].Role)
		require.Equal(t, team.Held(tc.want.Assignments...), w.Members[tc.want.Member].Assignments)
	}
	team.Given(t, history...).When(team.Owner, toRole(scenario.Edith, workspace.Editor)).Nothing()
}

// R61: who becomes a read-only Client writes no more: modes go, posts pass.
func TestChangeRoleToReadOnly(t *testing.T) {
	t.Parallel()
	change := toRole(scenario.Edith, workspace.Client)
	change.Pending = team.Posts
	want := workspace.RoleChanged{
		Member: scenario.Edith, From: workspace.Editor, To: workspace.Client, Posts: team.Posts,
		Assignments: []workspace.Assignment{team.On(scenario.News, workspace.NoMode), team.On(scenario.Blog, workspace.NoMode)},
	}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, change).Then(want)
	withdrawn, is := want.Withdraws()
	require.True(t, is)
	require.Equal(t, workspace.Withdrawn{Member: scenario.Edith, Posts: team.Posts}, withdrawn)

	change.Access = team.Writes
	want.Access, want.Posts, want.Assignments = team.Writes, nil, []workspace.Assignment{team.On(scenario.News, workspace.OwnerMode), team.On(scenario.Blog, workspace.OwnerMode)}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, change).Then(want)
	_, is = want.Withdraws()
	require.False(t, is, "R10: scheduled posts stay as they are")
}

// R33: who comes to write needs a mode on every account.
func TestChangeRoleOfWhoHasNoMode(t *testing.T) {
	t.Parallel()
	history := []domain.Event{team.Founded, team.NewsAdded, team.Joined(team.Client, workspace.Client, team.ReadOnly, workspace.Assignment{Account: scenario.News, ApprovesPosts: true})}
	change := toRole(scenario.Carl, workspace.Editor)
	team.Given(t, history...).When(team.Owner, change).Refused(domain.R33, "mode_required")
	change.CredentialMode = workspace.MemberMode
	team.Given(t, history...).When(team.Owner, change).Then(workspace.RoleChanged{
		Member: scenario.Carl, From: workspace.Client, To: workspace.Editor, Assignments: []workspace.Assignment{team.On(scenario.News, workspace.MemberMode)},
	})
}

// R9: not while posts of the member wait for approval.
func TestChangeRoleWhilePostsWait(t *testing.T) {
	t.Parallel()
	change := toRole(scenario.Edith, workspace.Admin)
	change.Waiting = team.Posts
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, change).Refused(domain.R9, "posts_wait_for_approval")
}

func TestChangeRoleRefuses(t *testing.T) {
	t.Parallel()
	team.IsTheOwners(t, domain.R4, team.Complete(workspace.OwnerMode), toRole(scenario.Edith, workspace.Admin))
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, toRole(scenario.Edith, workspace.Owner)).Refused(domain.R4, "unknown_role")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, toRole(scenario.Edith, "boss")).Refused(domain.R4, "unknown_role")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, toRole(scenario.Olivia, workspace.Admin)).Refused(domain.R11, "ownership_is_offered")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, toRole(scenario.Mallory, workspace.Admin)).Refused(domain.R4, "unknown_member")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.ChangeRole{Role: workspace.Admin}).Refused(domain.R4, "name_one")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.ChangeRole{
		Whom: workspace.Whom{Member: scenario.Edith, Invitation: team.DoraInvited.Invitation}, Role: workspace.Admin,
	}).Refused(domain.R4, "name_one")

	flags := toRole(scenario.Carl, workspace.Editor)
	flags.Access = team.Writes
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, flags).Refused(domain.R14, "flags_for_clients_only")
	flags.Role = workspace.Admin
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, flags).Refused(domain.R14, "flags_for_clients_only")

	mode := toRole(scenario.Edith, workspace.Client)
	mode.CredentialMode = workspace.OwnerMode
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, mode).Refused(domain.R19, "mode_without_manage_posts")
}

func TestChangeRoleOfAnInvitation(t *testing.T) {
	t.Parallel()
	change := membership.ChangeRole{Whom: team.Offered(team.DoraInvited.Invitation), Role: workspace.Client, Access: team.Writes}
	want := team.Amended(func(a *workspace.InvitationAmended) { a.Role, a.Access = workspace.Client, team.Writes })
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).When(team.Owner, change).Then(want)

	w := team.Fold(append(team.Complete(workspace.OwnerMode), team.DoraInvited, want)...)
	require.Equal(t, workspace.Client, w.Invitations[team.DoraInvited.Invitation].Role)
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited, want)...).
		When(scenario.As(team.Dora), invitation.AcceptInvitation{Link: invitation.Link{Invitation: team.DoraInvited.Invitation, Generation: 1}}).
		Then(workspace.InvitationAccepted{
			Invitation: team.DoraInvited.Invitation, Member: team.Dora, Role: workspace.Client, Access: team.Writes, Assignments: team.DoraInvited.Assignments,
		})

	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited, workspace.InvitationRevoked{Invitation: team.DoraInvited.Invitation})...).When(team.Owner, change).Refused(domain.R4, "invitation_not_pending")
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).When(scenario.At(team.Owner, team.DoraInvited.ExpiresAt), change).Refused(domain.R4, "invitation_not_pending")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, change).Refused(domain.R4, "unknown_invitation")
}
