package scenario_test

import (
	"maps"
	"slices"

	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post/writing"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/invitation"
	"behalf/domain/workspace/membership"
	"behalf/domain/workspace/ownership"
	"behalf/domain/workspace/pausing"
)

func (m *machine) workspace() *workspace.Workspace {
	return m.log.State(workspace.Stream(scenario.Acme)).(*workspace.Workspace)
}

// owner is who may do nearly everything now, and the likely one to do so.
func (m *machine) owner() domain.Actor { return scenario.As(m.workspace().Owner) }

// manager is the Owner or, as often, an Admin.
func (m *machine) manager(t *rapid.T) domain.Actor {
	w := m.workspace()
	able := []domain.UserID{w.Owner}
	for _, id := range slices.SortedFunc(maps.Keys(w.Members), func(a, b domain.UserID) int { return slices.Compare(a[:], b[:]) }) {
		if w.Members[id].Role == workspace.Admin {
			able = append(able, id)
		}
	}
	return drawActor(t, scenario.As(rapid.SampledFrom(able).Draw(t, "manager")))
}

// whom is a member or an invitation, now and then both or neither.
func (m *machine) whom(t *rapid.T) workspace.Whom {
	invited := []domain.InvitationID{{15: 1}}
	for _, event := range m.log.History(workspace.Stream(scenario.Acme)) {
		if e, ok := event.(workspace.Invited); ok {
			invited = append(invited, e.Offer().Invitation)
		}
	}
	invitation := rapid.SampledFrom(invited[max(0, len(invited)-3):]).Draw(t, "invitation")
	switch rapid.IntRange(0, 9).Draw(t, "whom") {
	case 0:
		return workspace.Whom{}
	case 1:
		return workspace.Whom{Member: drawUser(t), Invitation: invitation}
	case 2, 3, 4:
		return workspace.Whom{Invitation: invitation}
	default:
		return workspace.Whom{Member: drawUser(t)}
	}
}

func drawAccess(t *rapid.T) workspace.ClientAccess {
	return workspace.ClientAccess{AddAccounts: rapid.Bool().Draw(t, "add_accounts"), ManagePosts: rapid.Bool().Draw(t, "manage_posts")}
}

func drawLevel(t *rapid.T) workspace.PostingLevel {
	return rapid.SampledFrom([]workspace.PostingLevel{"", workspace.Full, workspace.ApprovalRequired}).Draw(t, "level")
}

func (m *machine) drawAssignment(t *rapid.T) workspace.Assignment {
	return workspace.Assignment{
		Account: m.drawAccount(t), PostingLevel: drawLevel(t), CredentialMode: drawMode(t),
		ApprovesPosts: rapid.IntRange(0, 3).Draw(t, "approves") == 0,
	}
}

// inviteOthers invites somebody as anything but a Client.
func (m *machine) inviteOthers(t *rapid.T) {
	var assignments []workspace.Assignment
	for range rapid.IntRange(0, 2).Draw(t, "assignments") {
		assignments = append(assignments, m.drawAssignment(t))
	}
	const email = "somebody@example.com"
	person := drawUser(t)
	m.issue(t, m.manager(t), rapid.SampledFrom([]any{
		invitation.InviteEditor{Email: email, Person: person, Assignments: assignments},
		invitation.InviteEditor{Email: email, Person: person, Assignments: assignments},
		invitation.InviteAdmin{Email: email, Person: person, Assignments: assignments, AddAccounts: rapid.Bool().Draw(t, "add_accounts")},
		invitation.InviteAuditor{Email: email, Person: person},
	}).Draw(t, "invitation"))
}

// treatInvitation does to an invitation what can be done.
func (m *machine) treatInvitation(t *rapid.T) {
	id := m.whom(t).Invitation
	link := invitation.Link{Invitation: id, Generation: rapid.IntRange(1, 2).Draw(t, "generation")}
	person := m.workspace().Invitations[id].Person
	switch rapid.IntRange(0, 4).Draw(t, "command") {
	case 0:
		m.issue(t, m.manager(t), invitation.ResendInvitation{Invitation: id})
	case 1:
		m.issue(t, m.manager(t), invitation.RevokeInvitation{Invitation: id})
	case 2:
		m.issue(t, drawActor(t, scenario.As(person)), invitation.DeclineInvitation{Link: link})
	case 3:
		m.issue(t, drawActor(t, scenario.System()), invitation.ExpireInvitation{Invitation: id})
	default:
		m.issue(t, drawActor(t, scenario.As(person)), invitation.AcceptInvitation{Link: link})
	}
}

// changeMember changes one setting of a member or an invitation.
func (m *machine) changeMember(t *rapid.T) {
	whom, on := m.whom(t), m.drawAccount(t)
	role := rapid.SampledFrom([]workspace.Role{workspace.Owner, workspace.Admin, workspace.Editor, workspace.Client, "boss"}).Draw(t, "role")
	m.issue(t, m.manager(t), rapid.SampledFrom([]any{
		membership.ChangeRole{Whom: whom, Role: role, Access: drawAccess(t), CredentialMode: drawMode(t)},
		membership.ChangeRole{Whom: whom, Role: role, CredentialMode: drawMode(t)},
		membership.ChangeClientAccess{Whom: whom, Access: drawAccess(t), CredentialMode: drawMode(t)},
		membership.GrantAddAccounts{Whom: whom}, membership.WithdrawAddAccounts{Whom: whom},
		membership.GrantAuditor{Whom: whom}, membership.WithdrawAuditor{Whom: whom},
		membership.RequireTwoFactor{Whom: whom}, membership.LiftTwoFactorRequirement{Whom: whom},
		assignment.AssignAccount{Whom: whom, Assignment: m.drawAssignment(t)},
		assignment.AssignAccount{Whom: whom, Assignment: m.drawAssignment(t)},
		assignment.UnassignAccount{Whom: whom, Account: on},
		assignment.ChangePostingLevel{Whom: whom, Account: on, PostingLevel: drawLevel(t)},
		assignment.ChangeApproval{Whom: whom, Account: on, ApprovesPosts: rapid.Bool().Draw(t, "approves")},
		assignment.ChangeCredentialMode{Member: whom.Member, Invitation: whom.Invitation, Account: on, Mode: drawMode(t)},
	}).Draw(t, "change"))
}

// depart ends a membership, and does what has to follow, or some of it.
func (m *machine) depart(t *rapid.T) {
	who := drawUser(t)
	if rapid.Bool().Draw(t, "by themselves") {
		m.issue(t, drawActor(t, scenario.As(who)), membership.LeaveWorkspace{})
	} else {
		m.issue(t, m.manager(t), membership.RemoveMember{Member: who})
	}
	if _, member := m.workspace().Members[who]; member || rapid.IntRange(0, 3).Draw(t, "nothing follows") == 0 {
		return
	}
	for _, id := range m.posts {
		m.issue(t, scenario.System(), writing.PassToOwner{Post: id, Author: who})
	}
	for _, id := range m.accounts {
		connection := m.log.State(account.Stream(id)).(*account.Account).ConnectionOf(who).ID
		m.issue(t, drawActor(t, scenario.System()), account.DestroyConnection{Account: id, Holder: who, Connection: connection})
	}
}

// moveOwnership offers, accepts, declines, withdraws.
func (m *machine) moveOwnership(t *rapid.T) {
	offered := scenario.As(m.workspace().OfferedTo)
	switch rapid.IntRange(0, 4).Draw(t, "command") {
	case 0, 1:
		m.issue(t, drawActor(t, m.owner()), ownership.OfferOwnership{Member: drawUser(t)})
	case 2:
		m.issue(t, drawActor(t, m.owner()), ownership.WithdrawOwnershipOffer{})
	case 3:
		m.issue(t, drawActor(t, offered), ownership.DeclineOwnership{})
	default:
		m.issue(t, drawActor(t, offered), ownership.AcceptOwnership{})
	}
}

// govern is what concerns the whole workspace. Closing ends nearly everything,
// so that it is rare.
func (m *machine) govern(t *rapid.T) {
	var on domain.AccountID
	if rapid.Bool().Draw(t, "one account") {
		on = m.drawAccount(t)
	}
	approval := rapid.SampledFrom([]workspace.ClientApproval{workspace.AnyClient, workspace.AllClients, "most"}).Draw(t, "approval")
	switch rapid.IntRange(0, 24).Draw(t, "command") {
	case 0:
		m.issue(t, drawActor(t, m.owner()), closing.CloseWorkspace{})
	case 1:
		m.issue(t, drawActor(t, m.owner()), closing.DeleteWorkspace{})
	case 2:
		m.issue(t, drawActor(t, scenario.System()), closing.FinishDeletion{})
	case 3, 4:
		m.issue(t, m.manager(t), assignment.RemoveAccount{Account: m.drawAccount(t)})
	case 5, 6, 7:
		m.issue(t, m.manager(t), pausing.PausePublishing{Account: on})
	case 8, 9, 10, 11, 12:
		m.issue(t, m.manager(t), pausing.ResumePublishing{Account: on})
	case 13, 14:
		m.issue(t, m.manager(t), assignment.SetClientApproval{Account: on, Approval: approval})
	case 15:
		m.issue(t, m.manager(t), workspace.RenameWorkspace{Name: "Apex"})
	case 16:
		m.issue(t, m.manager(t), closing.ExportWorkspace{})
	case 17:
		m.issue(t, m.manager(t), workspace.SetGrace{Minutes: rapid.SampledFrom([]int{0, 1, 15, 30, 1440, 1441}).Draw(t, "minutes")})
	default:
		m.issue(t, drawActor(t, m.owner()), closing.CancelDeletion{})
	}
}
