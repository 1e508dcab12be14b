package invitation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

func inviteEditor(assignments ...workspace.Assignment) (invitation.InviteEditor, workspace.EditorInvited) {
	invited := team.DoraInvited
	invited.Invitation, invited.Assignments, invited.ExpiresAt = scenario.Fresh(1), assignments, scenario.Now.Add(invitation.Life)
	return invitation.InviteEditor{Email: "dora@example.com", Assignments: assignments, Person: team.Dora}, invited
}

// R5, R25: by the Owner or an Admin, with a level and a mode for every account.
func TestInviteEditor(t *testing.T) {
	t.Parallel()
	approved := workspace.Assignment{Account: scenario.News, PostingLevel: workspace.ApprovalRequired, CredentialMode: workspace.OwnerMode}
	invite, invited := inviteEditor(approved)
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, invite).Then(invited)
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, invite).Then(invited)

	invite, invited = inviteEditor(team.On(scenario.News, workspace.MemberMode))
	team.Given(t, team.Complete(workspace.MemberMode)...).When(team.Admin, invite).Then(invited)
}

// R6, R8: an Admin gives only what the Admin has.
func TestInviteEditorBeyondWhatAnAdminHas(t *testing.T) {
	t.Parallel()
	invite, _ := inviteEditor(team.On(scenario.Blog, workspace.MemberMode))
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, invite).Refused(domain.R6, "account_not_yours")
	invite, _ = inviteEditor(team.On(scenario.News, workspace.OwnerMode))
	team.Given(t, team.Complete(workspace.MemberMode)...).When(team.Admin, invite).Refused(domain.R8, "grant_beyond_own")
}

// R5: replacing an invitation is revoking it, which an Admin does to Editors' alone.
func TestInviteEditorInsteadOfAClient(t *testing.T) {
	t.Parallel()
	invite, invited := inviteEditor()
	pending := team.CarlInvited
	pending.Person = team.Dora
	superseded := workspace.InvitationSuperseded{Invitation: pending.Invitation}
	team.Given(t, append(team.Complete(workspace.OwnerMode), pending)...).When(team.Admin, invite).Refused(domain.R5, "owner_only")
	team.Given(t, append(team.Complete(workspace.OwnerMode), pending)...).When(team.Owner, invite).Then(superseded, invited)
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).When(team.Admin, invite).
		Then(workspace.InvitationSuperseded{Invitation: team.DoraInvited.Invitation}, invited)
}

func TestInviteEditorRefuses(t *testing.T) {
	t.Parallel()
	invite, _ := inviteEditor(workspace.Assignment{Account: scenario.News, ApprovesPosts: true, CredentialMode: workspace.OwnerMode})
	refusal := team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, invite).Refused(domain.R18, "approval_for_clients_only")
	require.Equal(t, "assignments[0].approves_posts", refusal.Field)
	invite, _ = inviteEditor(workspace.Assignment{Account: scenario.News, PostingLevel: "half", CredentialMode: workspace.OwnerMode})
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, invite).Refused(domain.R50, "unknown_level")
	invite, _ = inviteEditor(team.On(scenario.News, workspace.NoMode))
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, invite).Refused(domain.R33, "mode_required")

	invite, _ = inviteEditor()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Editor, invite).Refused(domain.R2, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Client, invite).Refused(domain.R2, "owner_only")
	team.IsForMembers(t, team.Complete(workspace.OwnerMode), invite)
}
