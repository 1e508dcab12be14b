// Package membership changes what members are and may do, and ends memberships.
// What it changes of members it changes of pending invitations as well.
package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// Commands lists the commands about members.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		workspace.ByMember[ChangeRole]("ChangeRole", "Make a member or invited person an Admin, Editor or Client.",
			domain.R4, domain.R9, domain.R10, domain.R11, domain.R14, domain.R19, domain.R33),
		workspace.ByMember[ChangeClientAccess]("ChangeClientAccess", "Set what a Client may do: add accounts, manage posts.",
			domain.R2, domain.R5, domain.R14, domain.R19, domain.R61),
		workspace.ByMember[GrantAddAccounts]("GrantAddAccounts", "Let an Admin add social accounts.", domain.R7),
		workspace.ByMember[WithdrawAddAccounts]("WithdrawAddAccounts", "Let an Admin add social accounts no more.", domain.R7),
		workspace.ByMember[GrantAuditor]("GrantAuditor", "Let a member or invited person read the history.", domain.R65),
		workspace.ByMember[WithdrawAuditor]("WithdrawAuditor", "Let a member or invited person read the history no more.", domain.R65),
		workspace.ByMember[RequireTwoFactor]("RequireTwoFactor", "Require two-factor authentication of a member or invited person."),
		workspace.ByMember[LiftTwoFactorRequirement]("LiftTwoFactorRequirement", "Require two-factor authentication of a member or invited person no more."),
		workspace.ByMember[RemoveMember]("RemoveMember", "End somebody's membership at once; their posts pass to the Owner.",
			domain.R2, domain.R5, domain.R12, domain.R61, domain.R62, domain.R64),
		workspace.ByMember[LeaveWorkspace]("LeaveWorkspace", "End your own membership; your posts pass to the Owner.",
			domain.R12, domain.R61, domain.R62),
		workspace.BySystem[EndMembership]("EndMembership", "End the membership of somebody who was erased; their posts pass to the Owner.",
			domain.R12, domain.R13, domain.R61, domain.R62, domain.R66),
	}
}
