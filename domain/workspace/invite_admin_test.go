package workspace

import (
	"testing"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
)

func inviteAdmin(assignments ...Assignment) (InviteAdmin, AdminInvited) {
	return InviteAdmin{
			Email: "dora@example.com", AddAccounts: true, RequireTwoFactor: true, Assignments: assignments, Person: dora,
		}, AdminInvited{
			Invitation: scenario.Fresh(1), Generation: 1, Person: dora, Email: personal.New(dora, "dora@example.com"),
			AddAccounts: true, RequireTwoFactor: true, Assignments: assignments, ExpiresAt: scenario.Now.Add(InvitationLife),
		}
}

// R25: Admins are invited with add_accounts, and a mode for every account.
func TestInviteAdmin(t *testing.T) {
	t.Parallel()
	invite, invited := inviteAdmin(on(scenario.News, OwnerMode), on(scenario.Blog, MemberMode))
	given(t, team(OwnerMode)...).When(owner, invite).Then(invited)
	given(t, append(team(OwnerMode), doraInvited)...).When(owner, invite).
		Then(InvitationSuperseded{Invitation: doraInvited.Invitation}, invited)
}

func TestInviteAdminRefuses(t *testing.T) {
	t.Parallel()
	for code, assignment := range map[string]Assignment{
		"mode_required":             on(scenario.News, NoMode),
		"level_for_editors_only":    {Account: scenario.News, PostingLevel: ApprovalRequired, CredentialMode: OwnerMode},
		"approval_for_clients_only": {Account: scenario.News, ApprovesPosts: true, CredentialMode: OwnerMode},
		"unknown_account":           on(scenario.Lost, OwnerMode),
	} {
		rules := map[string]domain.Rule{
			"mode_required": domain.R33, "level_for_editors_only": domain.R50, "approval_for_clients_only": domain.R18, "unknown_account": domain.R27,
		}
		invite, _ := inviteAdmin(assignment)
		given(t, team(OwnerMode)...).When(owner, invite).Refused(rules[code], code)
	}
	invite, _ := inviteAdmin()
	invite.Person = scenario.Edith
	given(t, team(OwnerMode)...).When(owner, invite).Refused(domain.R24, "already_member")
}

func TestInviteAdminIsTheOwners(t *testing.T) {
	t.Parallel()
	invite, _ := inviteAdmin()
	given(t, team(OwnerMode)...).When(admin, invite).Refused(domain.R5, "owner_only")
	given(t, team(OwnerMode)...).When(editor, invite).Refused(domain.R2, "owner_only")
	given(t, team(OwnerMode)...).When(client, invite).Refused(domain.R2, "owner_only")
	isForMembers(t, team(OwnerMode), invite)
}
