package races

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/invitation"
	"behalf/domain/workspace/membership"
	"behalf/domain/workspace/ownership"
	"behalf/domain/workspace/pausing"
	"behalf/eventstore"
)

// Two tabs of the Owner: the member is removed in one, and changed or removed
// in the other. They are removed once, and nobody is changed who is gone.
func TestTwoTabsOfTheOwner(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	remove := &membership.RemoveMember{Member: w.carl}
	change := &assignment.ChangeCredentialMode{Member: w.carl, Account: w.account, Mode: workspace.OwnerMode}
	w.refused(w.meanwhile(w.olivia, change, w.olivia, remove), domain.R33, "unknown_member")
	require.NotContains(t, w.now().Members, w.carl)

	w = newTeam(t)
	remove = &membership.RemoveMember{Member: w.carl}
	w.refused(w.meanwhile(w.olivia, remove, w.olivia, remove), domain.R12, "unknown_member")
}

// The other way round: what was changed a moment ago is removed all the same.
func TestRemovedRightAfterAChange(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	ended := w.meanwhile(w.olivia, &membership.RemoveMember{Member: w.carl},
		w.olivia, &assignment.ChangeCredentialMode{Member: w.carl, Account: w.account, Mode: workspace.OwnerMode})
	require.NoError(t, ended.err)
	require.Len(t, ended.events, 1)
	require.NotContains(t, w.now().Members, w.carl)
}

// R5: an Admin who is demoted while inviting has not invited.
func TestAnAdminIsDemotedWhileInviting(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	invite := &invitation.InviteEditor{Email: "edith@example.com", Person: eventstore.Fresh()}
	before := len(w.now().Invitations)
	w.refused(w.meanwhile(w.adam, invite, w.olivia, &membership.ChangeRole{Whom: workspace.Whom{Member: w.adam}, Role: workspace.Editor}),
		domain.R2, "owner_only")
	require.Len(t, w.now().Invitations, before)
}

// R8: an Admin whose own mode changes while they grant the Owner's has not granted it.
func TestAnAdminLosesTheModeWhileGrantingIt(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	invite := &invitation.InviteEditor{
		Email: "edith@example.com", Person: eventstore.Fresh(),
		Assignments: []workspace.Assignment{{Account: w.account, CredentialMode: workspace.OwnerMode}},
	}
	w.refused(w.meanwhile(w.adam, invite, w.olivia, &assignment.ChangeCredentialMode{Member: w.adam, Account: w.account, Mode: workspace.MemberMode}),
		domain.R8, "grant_beyond_own")
}

// R22, R23: accepted or revoked, whichever was stored first; never both.
func TestAcceptingWhileBeingRevoked(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	dora := domain.UserID(eventstore.Fresh())
	link := w.invite(&invitation.InviteEditor{Email: "dora@example.com", Person: dora})
	accept, revoke := &invitation.AcceptInvitation{Link: link}, &invitation.RevokeInvitation{Invitation: link.Invitation}
	w.refused(w.meanwhile(dora, accept, w.olivia, revoke), domain.R23, "link_revoked")
	require.NotContains(t, w.now().Members, dora)

	link = w.invite(&invitation.InviteEditor{Email: "dora@example.com", Person: dora})
	accept, revoke = &invitation.AcceptInvitation{Link: link}, &invitation.RevokeInvitation{Invitation: link.Invitation}
	w.refused(w.meanwhile(w.olivia, revoke, dora, accept), domain.R22, "invitation_not_pending")
	require.Contains(t, w.now().Members, dora)
}

// R23: the link that was followed is dead once the invitation was sent again.
func TestAcceptingWhileBeingResent(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	dora := domain.UserID(eventstore.Fresh())
	link := w.invite(&invitation.InviteEditor{Email: "dora@example.com", Person: dora})
	w.refused(w.meanwhile(dora, &invitation.AcceptInvitation{Link: link}, w.olivia, &invitation.ResendInvitation{Invitation: link.Invitation}),
		domain.R23, "link_superseded")
}

// R26: an account that is removed while an invitation is accepted drops out.
func TestAcceptingWhileAnAccountIsRemoved(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	dora := domain.UserID(eventstore.Fresh())
	link := w.invite(&invitation.InviteEditor{
		Email: "dora@example.com", Person: dora, Assignments: []workspace.Assignment{{Account: w.account, CredentialMode: workspace.OwnerMode}},
	})
	ended := w.meanwhile(dora, &invitation.AcceptInvitation{Link: link}, w.olivia, &assignment.RemoveAccount{Account: w.account})
	require.NoError(t, ended.err)
	accepted := ended.events[0].Event.(workspace.InvitationAccepted)
	require.Empty(t, accepted.Assignments)
	require.Equal(t, []domain.AccountID{w.account}, accepted.Dropped)
}

// R3, R11: one Owner, whether or not the offer was taken back in time.
func TestAcceptingTheOwnershipWhileItIsWithdrawn(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	w.must(w.olivia, &ownership.OfferOwnership{Member: w.adam})
	w.refused(w.meanwhile(w.adam, &ownership.AcceptOwnership{}, w.olivia, &ownership.WithdrawOwnershipOffer{}), domain.R11, "ownership_not_offered")
	require.Equal(t, w.olivia, w.now().Owner)

	w.must(w.olivia, &ownership.OfferOwnership{Member: w.adam})
	w.refused(w.meanwhile(w.olivia, &closing.CloseWorkspace{}, w.adam, &ownership.AcceptOwnership{}), domain.R13, "owner_only")
	require.Equal(t, w.adam, w.now().Owner)
}

// R64: a post that was decided on a moment before its author was removed does not stand.
func TestWritingWhileBeingRemoved(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	publish := &planning.PublishPost{Content: post.Content{Text: "Hello", Targets: []post.Destination{{Account: w.account}}}}
	w.refused(w.meanwhile(w.carl, publish, w.olivia, &membership.RemoveMember{Member: w.carl}), domain.R32, "not_found")
}

// R42, R61: a claim that was decided on before its author was removed is
// decided again: the Owner's connection, without the author.
func TestClaimingWhileTheAuthorIsRemoved(t *testing.T) {
	t.Parallel()
	for name, withdrawal := range map[string]func(w team) any{
		"removed": func(w team) any { return &membership.RemoveMember{Member: w.carl} },
		"unassigned": func(w team) any {
			return &assignment.UnassignAccount{Whom: workspace.Whom{Member: w.carl}, Account: w.account}
		},
		"writes none": func(w team) any { return &membership.ChangeClientAccess{Whom: workspace.Whom{Member: w.carl}} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTeam(t)
			id := domain.PostID(eventstore.Fresh())
			w.must(w.carl, &planning.PublishPost{Post: id, Content: post.Content{Text: "Hello", Targets: []post.Destination{{Account: w.account}}}})
			ended := w.meanwhile(domain.UserID{}, &sending.ClaimTarget{Post: id, Account: w.account, Life: 1}, w.olivia, withdrawal(w))
			require.NoError(t, ended.err)
			claimed := ended.events[0].Event.(post.TargetClaimed)
			require.Equal(t, w.olivia, claimed.Holder)
			require.Equal(t, w.oliviasKey, claimed.Connection)
			require.Equal(t, domain.R61, claimed.Rules[0])
		})
	}
}

// R68: a claim that was decided on before publishing was paused is refused.
func TestClaimingWhilePublishingIsPaused(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	id := domain.PostID(eventstore.Fresh())
	w.must(w.carl, &planning.PublishPost{Post: id, Content: post.Content{Text: "Hello", Targets: []post.Destination{{Account: w.account}}}})
	w.refused(w.meanwhile(domain.UserID{}, &sending.ClaimTarget{Post: id, Account: w.account, Life: 1}, w.olivia, &pausing.PausePublishing{}),
		domain.R68, "publishing_paused")
}
