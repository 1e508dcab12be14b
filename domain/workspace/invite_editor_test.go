package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

func inviteEditor(assignments ...Assignment) (InviteEditor, EditorInvited) {
	invited := doraInvited
	invited.Invitation, invited.Assignments, invited.ExpiresAt = scenario.Fresh(1), assignments, scenario.Now.Add(InvitationLife)
	return InviteEditor{Email: "dora@example.com", Assignments: assignments, Person: dora}, invited
}

// R5, R25: by the Owner or an Admin, with a level and a mode for every account.
func TestInviteEditor(t *testing.T) {
	t.Parallel()
	approved := Assignment{Account: scenario.News, PostingLevel: ApprovalRequired, CredentialMode: OwnerMode}
	invite, invited := inviteEditor(approved)
	given(t, team(OwnerMode)...).When(owner, invite).Then(invited)
	given(t, team(OwnerMode)...).When(admin, invite).Then(invited)

	invite, invited = inviteEditor(on(scenario.News, MemberMode))
	given(t, team(MemberMode)...).When(admin, invite).Then(invited)
}

// R6, R8: an Admin gives only what the Admin has.
func TestInviteEditorBeyondWhatAnAdminHas(t *testing.T) {
	t.Parallel()
	invite, _ := inviteEditor(on(scenario.Blog, MemberMode))
	given(t, team(OwnerMode)...).When(admin, invite).Refused(domain.R6, "account_not_yours")
	invite, _ = inviteEditor(on(scenario.News, OwnerMode))
	given(t, team(MemberMode)...).When(admin, invite).Refused(domain.R8, "grant_beyond_own")
}

// R5: replacing an invitation is revoking it, which an Admin does to Editors' alone.
func TestInviteEditorInsteadOfAClient(t *testing.T) {
	t.Parallel()
	invite, invited := inviteEditor()
	pending := carlInvited
	pending.Person = dora
	superseded := InvitationSuperseded{Invitation: pending.Invitation}
	given(t, append(team(OwnerMode), pending)...).When(admin, invite).Refused(domain.R5, "owner_only")
	given(t, append(team(OwnerMode), pending)...).When(owner, invite).Then(superseded, invited)
	given(t, append(team(OwnerMode), doraInvited)...).When(admin, invite).
		Then(InvitationSuperseded{Invitation: doraInvited.Invitation}, invited)
}

func TestInviteEditorRefuses(t *testing.T) {
	t.Parallel()
	invite, _ := inviteEditor(Assignment{Account: scenario.News, ApprovesPosts: true, CredentialMode: OwnerMode})
	refusal := given(t, team(OwnerMode)...).When(owner, invite).Refused(domain.R18, "approval_for_clients_only")
	require.Equal(t, "assignments[0].approves_posts", refusal.Field)
	invite, _ = inviteEditor(Assignment{Account: scenario.News, PostingLevel: "half", CredentialMode: OwnerMode})
	given(t, team(OwnerMode)...).When(owner, invite).Refused(domain.R50, "unknown_level")
	invite, _ = inviteEditor(on(scenario.News, NoMode))
	given(t, team(OwnerMode)...).When(owner, invite).Refused(domain.R33, "mode_required")

	invite, _ = inviteEditor()
	given(t, team(OwnerMode)...).When(editor, invite).Refused(domain.R2, "owner_only")
	given(t, team(OwnerMode)...).When(client, invite).Refused(domain.R2, "owner_only")
	isForMembers(t, team(OwnerMode), invite)
}
