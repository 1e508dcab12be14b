// Package invitation offers memberships to people, by mail, and takes their answers.
package invitation

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// Commands lists the commands of invitations.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		workspace.ByMember[InviteClient]("InviteClient", "Invite a Client by e-mail, with access, assignments and credential modes.",
			domain.R2, domain.R5, domain.R14, domain.R18, domain.R19, domain.R24, domain.R27, domain.R50),
		workspace.ByMember[InviteAdmin]("InviteAdmin", "Invite an Admin by e-mail, with assignments and credential modes.",
			domain.R2, domain.R5, domain.R18, domain.R24, domain.R25, domain.R27, domain.R33, domain.R50),
		workspace.ByMember[InviteEditor]("InviteEditor", "Invite an Editor by e-mail, with assignments, posting levels and credential modes.",
			domain.R2, domain.R5, domain.R6, domain.R8, domain.R18, domain.R24, domain.R25, domain.R27, domain.R33, domain.R50),
		workspace.ByMember[InviteAuditor]("InviteAuditor", "Invite an outside auditor by e-mail, who reads the history and nothing else.",
			domain.R24, domain.R65),
		workspace.ByMember[ResendInvitation]("ResendInvitation", "Send an invitation once more: a new link and seven new days, the old link is dead.",
			domain.R2, domain.R5, domain.R6, domain.R8, domain.R22, domain.R23, domain.R24, domain.R26),
		workspace.ByMember[RevokeInvitation]("RevokeInvitation", "Take an invitation back.", domain.R2, domain.R5, domain.R22),
		workspace.ByInvited[AcceptInvitation]("AcceptInvitation", "Accept an invitation with the link from its mail and become a member.",
			domain.R22, domain.R23, domain.R24, domain.R26),
		workspace.ByInvited[DeclineInvitation]("DeclineInvitation", "Decline an invitation with the link from its mail.", domain.R23),
		workspace.BySystem[ExpireInvitation]("ExpireInvitation", "Note that an invitation was not answered in time.", domain.R23),
	}
}
