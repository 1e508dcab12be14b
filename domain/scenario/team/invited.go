package team

import (
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

// CarlInvited is pending for one more hour.
var CarlInvited = workspace.ClientInvited{
	Invitation: domain.InvitationID{15: 1}, Generation: 1, Person: scenario.Carl, Email: personal.New(scenario.Carl, "carl@example.com"),
	Access: Writes, RequireTwoFactor: true,
	Assignments: []workspace.Assignment{
		{Account: scenario.News, ApprovesPosts: true, CredentialMode: workspace.OwnerMode},
		On(scenario.Blog, workspace.MemberMode),
	},
	ExpiresAt: scenario.Now.Add(time.Hour),
}

// Dora is invited as an Editor of News, and pending for one more hour.
var (
	Dora        = domain.UserID{0: 0x02, 15: 0x06}
	DoraInvited = workspace.EditorInvited{
		Invitation: domain.InvitationID{15: 6}, Generation: 1, Person: Dora, Email: personal.New(Dora, "dora@example.com"),
		Assignments: []workspace.Assignment{On(scenario.News, workspace.OwnerMode)}, ExpiresAt: scenario.Now.Add(time.Hour),
	}
)

// Amended is what becomes of Dora's offer.
func Amended(change func(*workspace.InvitationAmended)) workspace.InvitationAmended {
	event := workspace.InvitationAmended{Invitation: DoraInvited.Invitation, Role: workspace.Editor, Assignments: DoraInvited.Assignments}
	change(&event)
	return event
}

// Auditing is what comes of inviting Dora as an auditor.
func Auditing() workspace.AuditorInvited {
	return workspace.AuditorInvited{
		Invitation: scenario.Fresh(1), Generation: 1, Person: Dora, Email: personal.New(Dora, "dora@example.com"),
		RequireTwoFactor: true, ExpiresAt: scenario.Now.Add(invitation.Life),
	}
}
