package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

func toRole(who domain.UserID, role Role) ChangeRole { return ChangeRole{Whom: of(who), Role: role} }

var posts = []domain.PostID{{15: 1}, {15: 2}}

// R4: between Admin, Editor and Client; what does not go with the new role is dropped.
func TestChangeRole(t *testing.T) {
	t.Parallel()
	needsApproval := Assignment{Account: scenario.News, PostingLevel: ApprovalRequired, CredentialMode: OwnerMode}
	history := []domain.Event{
		founded, newsAdded, blogAdded, joined(admin, Admin, ClientAccess{AddAccounts: true}, on(scenario.News, MemberMode)),
		joined(editor, Editor, readOnly, needsApproval),
		joined(client, Client, fullyIn, Assignment{Account: scenario.Blog, ApprovesPosts: true, CredentialMode: OwnerMode}),
	}
	adds, manages := toRole(scenario.Edith, Admin), toRole(scenario.Adam, Client)
	adds.Access, manages.Access = ClientAccess{AddAccounts: true}, writes
	for _, tc := range []struct {
		change ChangeRole
		want   RoleChanged
	}{
		{adds, RoleChanged{
			Member: scenario.Edith, From: Editor, To: Admin, Access: adds.Access, Assignments: []Assignment{on(scenario.News, OwnerMode)},
		}},
		{manages, RoleChanged{
			Member: scenario.Adam, From: Admin, To: Client, Access: writes, Assignments: []Assignment{on(scenario.News, MemberMode)},
		}},
		{toRole(scenario.Carl, Editor), RoleChanged{
			Member: scenario.Carl, From: Client, To: Editor, Assignments: []Assignment{on(scenario.Blog, OwnerMode)},
		}},
	} {
		given(t, history...).When(owner, tc.change).Then(tc.want)
		w := fold(append(history, tc.want)...)
		require.Equal(t, tc.change.Role, w.Members[tc.want.Member].Role)
		require.Equal(t, byAccount(tc.want.Assignments), w.Members[tc.want.Member].Assignments)
	}
	given(t, history...).When(owner, toRole(scenario.Edith, Editor)).Nothing()
}

// R61: who becomes a read-only Client writes no more: modes go, posts pass.
func TestChangeRoleToReadOnly(t *testing.T) {
	t.Parallel()
	change := toRole(scenario.Edith, Client)
	change.Pending = posts
	want := RoleChanged{
		Member: scenario.Edith, From: Editor, To: Client, Posts: posts,
		Assignments: []Assignment{on(scenario.News, NoMode), on(scenario.Blog, NoMode)},
	}
	given(t, team(OwnerMode)...).When(owner, change).Then(want)
	withdrawn, is := want.Withdraws()
	require.True(t, is)
	require.Equal(t, Withdrawn{Member: scenario.Edith, Posts: posts}, withdrawn)

	change.Access = writes
	want.Access, want.Posts, want.Assignments = writes, nil, []Assignment{on(scenario.News, OwnerMode), on(scenario.Blog, OwnerMode)}
	given(t, team(OwnerMode)...).When(owner, change).Then(want)
	_, is = want.Withdraws()
	require.False(t, is, "R10: scheduled posts stay as they are")
}

// R33: who comes to write needs a mode on every account.
func TestChangeRoleOfWhoHasNoMode(t *testing.T) {
	t.Parallel()
	history := []domain.Event{founded, newsAdded, joined(client, Client, readOnly, Assignment{Account: scenario.News, ApprovesPosts: true})}
	change := toRole(scenario.Carl, Editor)
	given(t, history...).When(owner, change).Refused(domain.R33, "mode_required")
	change.CredentialMode = MemberMode
	given(t, history...).When(owner, change).Then(RoleChanged{
		Member: scenario.Carl, From: Client, To: Editor, Assignments: []Assignment{on(scenario.News, MemberMode)},
	})
}

// R9: not while posts of the member wait for approval.
func TestChangeRoleWhilePostsWait(t *testing.T) {
	t.Parallel()
	change := toRole(scenario.Edith, Admin)
	change.Waiting = posts
	given(t, team(OwnerMode)...).When(owner, change).Refused(domain.R9, "posts_wait_for_approval")
}

func TestChangeRoleRefuses(t *testing.T) {
	t.Parallel()
	isTheOwners(t, domain.R4, team(OwnerMode), toRole(scenario.Edith, Admin))
	given(t, team(OwnerMode)...).When(owner, toRole(scenario.Edith, Owner)).Refused(domain.R4, "unknown_role")
	given(t, team(OwnerMode)...).When(owner, toRole(scenario.Edith, "boss")).Refused(domain.R4, "unknown_role")
	given(t, team(OwnerMode)...).When(owner, toRole(scenario.Olivia, Admin)).Refused(domain.R11, "ownership_is_offered")
	given(t, team(OwnerMode)...).When(owner, toRole(scenario.Mallory, Admin)).Refused(domain.R4, "unknown_member")
	given(t, team(OwnerMode)...).When(owner, ChangeRole{Role: Admin}).Refused(domain.R4, "name_one")
	given(t, team(OwnerMode)...).When(owner, ChangeRole{
		Whom: Whom{Member: scenario.Edith, Invitation: doraInvited.Invitation}, Role: Admin,
	}).Refused(domain.R4, "name_one")

	flags := toRole(scenario.Carl, Editor)
	flags.Access = writes
	given(t, team(OwnerMode)...).When(owner, flags).Refused(domain.R14, "flags_for_clients_only")
	flags.Role = Admin
	given(t, team(OwnerMode)...).When(owner, flags).Refused(domain.R14, "flags_for_clients_only")
}

func TestChangeRoleOfAnInvitation(t *testing.T) {
	t.Parallel()
	change := ChangeRole{Whom: offered(doraInvited.Invitation), Role: Client, Access: writes}
	want := amended(func(a *InvitationAmended) { a.Role, a.Access = Client, writes })
	given(t, append(team(OwnerMode), doraInvited)...).When(owner, change).Then(want)

	w := fold(append(team(OwnerMode), doraInvited, want)...)
	require.Equal(t, Client, w.Invitations[doraInvited.Invitation].Role)
	given(t, append(team(OwnerMode), doraInvited, want)...).
		When(scenario.As(dora), AcceptInvitation{Link: InvitationLink{Invitation: doraInvited.Invitation, Generation: 1}}).
		Then(InvitationAccepted{
			Invitation: doraInvited.Invitation, Member: dora, Role: Client, Access: writes, Assignments: doraInvited.Assignments,
		})

	given(t, append(team(OwnerMode), doraInvited, revoked)...).When(owner, change).Refused(domain.R4, "invitation_not_pending")
	given(t, append(team(OwnerMode), doraInvited)...).When(scenario.At(owner, doraInvited.ExpiresAt), change).Refused(domain.R4, "invitation_not_pending")
	given(t, team(OwnerMode)...).When(owner, change).Refused(domain.R4, "unknown_invitation")
}
