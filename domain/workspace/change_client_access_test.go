package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

func access(flags ClientAccess) ChangeClientAccess {
	return ChangeClientAccess{Whom: of(scenario.Carl), Access: flags}
}

// R19, R61: with manage_posts go the modes, and the posts pass to the Owner.
func TestWithdrawManagePosts(t *testing.T) {
	t.Parallel()
	change := access(ClientAccess{AddAccounts: true})
	change.Pending = posts
	want := ClientAccessChanged{Member: scenario.Carl, From: writes, To: change.Access, Posts: posts}
	given(t, team(OwnerMode)...).When(owner, change).Then(want)

	w := fold(append(team(OwnerMode), want)...)
	require.Equal(t, on(scenario.News, NoMode), w.Members[scenario.Carl].Assignments[scenario.News])
	withdrawn, is := want.Withdraws()
	require.True(t, is)
	require.Equal(t, Withdrawn{Member: scenario.Carl, Posts: posts}, withdrawn)
}

// R19: where manage_posts is new, a mode is asked for.
func TestGrantManagePosts(t *testing.T) {
	t.Parallel()
	approves := Assignment{Account: scenario.News, ApprovesPosts: true}
	history := []domain.Event{founded, newsAdded, blogAdded, joined(client, Client, readOnly, approves, on(scenario.Blog, NoMode))}
	change := access(fullyIn)
	given(t, history...).When(owner, change).Refused(domain.R19, "mode_required")
	change.CredentialMode = OwnerMode
	want := ClientAccessChanged{Member: scenario.Carl, From: readOnly, To: fullyIn, Mode: OwnerMode}
	given(t, history...).When(owner, change).Then(want)
	_, is := want.Withdraws()
	require.False(t, is)

	approves.CredentialMode = OwnerMode
	w := fold(append(history, want)...)
	require.Equal(t, byAccount([]Assignment{approves, on(scenario.Blog, OwnerMode)}), w.Members[scenario.Carl].Assignments)

	none := []domain.Event{founded, joined(client, Client, readOnly)}
	given(t, none...).When(owner, access(writes)).Then(ClientAccessChanged{Member: scenario.Carl, From: readOnly, To: writes})
}

// The other flag changes nothing about the modes.
func TestChangeAddAccountsOfAClient(t *testing.T) {
	t.Parallel()
	want := ClientAccessChanged{Member: scenario.Carl, From: writes, To: fullyIn}
	given(t, team(OwnerMode)...).When(owner, access(fullyIn)).Then(want)
	w := fold(append(team(OwnerMode), want)...)
	require.Equal(t, OwnerMode, w.Members[scenario.Carl].Assignments[scenario.News].CredentialMode)
	given(t, team(OwnerMode)...).When(owner, access(writes)).Nothing()
}

func TestChangeClientAccessRefuses(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).When(admin, access(readOnly)).Refused(domain.R5, "owner_only")
	given(t, team(OwnerMode)...).When(client, access(fullyIn)).Refused(domain.R2, "owner_only")
	given(t, team(OwnerMode)...).When(owner, ChangeClientAccess{Whom: of(scenario.Edith), Access: writes}).Refused(domain.R14, "flags_for_clients_only")
	given(t, team(OwnerMode)...).When(owner, ChangeClientAccess{Whom: of(scenario.Mallory)}).Refused(domain.R14, "unknown_member")
	mode := access(readOnly)
	mode.CredentialMode = OwnerMode
	given(t, team(OwnerMode)...).When(owner, mode).Refused(domain.R19, "mode_without_manage_posts")
	isForMembers(t, team(OwnerMode), access(readOnly))
}

func TestChangeClientAccessOfAnInvitation(t *testing.T) {
	t.Parallel()
	history := []domain.Event{founded, newsAdded, blogAdded, carlInvited}
	given(t, history...).When(owner, ChangeClientAccess{Whom: offered(carlInvited.Invitation)}).Then(InvitationAmended{
		Invitation: carlInvited.Invitation, Role: Client, RequireTwoFactor: true,
		Assignments: []Assignment{{Account: scenario.News, ApprovesPosts: true}, on(scenario.Blog, NoMode)},
	})
}
