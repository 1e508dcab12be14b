// Package assignment gives members the workspace's social accounts, each with
// its settings.
package assignment

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// Commands lists the commands about members' accounts.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		workspace.ByMember[AssignAccount]("AssignAccount", "Give a member or invited person a social account.",
			domain.R2, domain.R5, domain.R6, domain.R8, domain.R18, domain.R19, domain.R27, domain.R33, domain.R50),
		workspace.ByMember[UnassignAccount]("UnassignAccount", "Take a social account from a member or invited person; posts there pass to the Owner.",
			domain.R2, domain.R5, domain.R6, domain.R27, domain.R61),
		workspace.ByMember[ChangePostingLevel]("ChangePostingLevel", "Set whether an Editor's posts to an account need the team's approval.",
			domain.R2, domain.R5, domain.R6, domain.R50),
		workspace.ByMember[ChangeApproval]("ChangeApproval", "Set whether a Client approves posts on an account.",
			domain.R2, domain.R5, domain.R6, domain.R18),
		workspace.ByMember[ChangeCredentialMode]("ChangeCredentialMode", "Choose whose connection a member's posts to an account go out through.",
			domain.R2, domain.R5, domain.R6, domain.R8, domain.R19, domain.R33, domain.R42, domain.R48),
		workspace.ByMember[SetClientApproval]("SetClientApproval", "Set whether one approving Client is enough on an account, or all are needed.", domain.R51),
		workspace.ByMember[RemoveAccount]("RemoveAccount", "Take a social account out of the workspace.", domain.R7, domain.R16, domain.R27),
	}
}
