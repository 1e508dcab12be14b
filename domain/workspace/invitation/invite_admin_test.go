package invitation_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

func inviteAdmin(assignments ...workspace.Assignment) (invitation.InviteAdmin, workspace.AdminInvited) {
	return invitation.InviteAdmin{
			Email: "dora@example.com", AddAccounts: true, RequireTwoFactor: true, Assignments: assignments, Person: team.Dora,
		}, workspace.AdminInvited{
			Invitation: scenario.Fresh(1), Generation: 1, Person: team.Dora, Email: personal.New(team.Dora, "dora@example.com"),
			AddAccounts: true, RequireTwoFactor: true, Assignments: assignments, ExpiresAt: scenario.Now.Add(invitation.Life),
		}
}

// R25: Admins are invited with add_accounts, and a mode for every account.
func TestInviteAdmin(t *testing.T) {
	t.Parallel()
	invite, invited := inviteAdmin(team.On(scenario.News, workspace.OwnerMode), team.On(scenario.Blog, workspace.MemberMode))
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, invite).Then(invited)
	team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).When(team.Owner, invite).
		Then(workspace.InvitationSuperseded{Invitation: team.DoraInvited.Invitation}, invited)
}

func TestInviteAdminRefuses(t *testing.T) {
	t.Parallel()
	for code, assignment := range map[string]workspace.Assignment{
		"mode_required":             team.On(scenario.News, workspace.NoMode),
		"level_for_editors_only":    {Account: scenario.News, PostingLevel: workspace.ApprovalRequired, CredentialMode: workspace.OwnerMode},
		"approval_for_clients_only": {Account: scenario.News, ApprovesPosts: true, CredentialMode: workspace.OwnerMode},
		"unknown_account":           team.On(scenario.Lost, workspace.OwnerMode),
	} {
		rules := map[string]domain.Rule{
			"mode_required": domain.R33, "level_for_editors_only": domain.R50, "approval_for_clients_only": domain.R18, "unknown_account": domain.R27,
		}
		invite, _ := inviteAdmin(assignment)
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, invite).Refused(rules[code], code)
	}
	invite, _ := inviteAdmin()
	invite.Person = scenario.Edith
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, invite).Refused(domain.R24, "already_member")
}

func TestInviteAdminIsTheOwners(t *testing.T) {
	t.Parallel()
	invite, _ := inviteAdmin()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, invite).Refused(domain.R5, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Editor, invite).Refused(domain.R2, "owner_only")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Client, invite).Refused(domain.R2, "owner_only")
	team.IsForMembers(t, team.Complete(workspace.OwnerMode), invite)
}
