package workspace

import (
	"slices"

	"behalf/domain"
)

func commands() []domain.CommandType {
	return slices.Concat([]domain.CommandType{createWorkspace()}, ofInvitations(), ofMembers(), ofTheWorkspace())
}

func ofInvitations() []domain.CommandType {
	return []domain.CommandType{
		byMember[InviteClient]("InviteClient", "Invite a Client by e-mail, with access, assignments and credential modes.",
			domain.R2, domain.R5, domain.R14, domain.R18, domain.R19, domain.R24, domain.R27, domain.R50),
		byMember[InviteAdmin]("InviteAdmin", "Invite an Admin by e-mail, with assignments and credential modes.",
			domain.R2, domain.R5, domain.R18, domain.R24, domain.R25, domain.R27, domain.R33, domain.R50),
		byMember[InviteEditor]("InviteEditor", "Invite an Editor by e-mail, with assignments, posting levels and credential modes.",
			domain.R2, domain.R5, domain.R6, domain.R8, domain.R18, domain.R24, domain.R25, domain.R27, domain.R33, domain.R50),
		byMember[InviteAuditor]("InviteAuditor", "Invite an outside auditor by e-mail, who reads the history and nothing else.",
			domain.R24, domain.R65),
		byMember[ResendInvitation]("ResendInvitation", "Send an invitation once more: a new link and seven new days, the old link is dead.",
			domain.R2, domain.R5, domain.R6, domain.R8, domain.R22, domain.R23, domain.R24),
		byMember[RevokeInvitation]("RevokeInvitation", "Take an invitation back.", domain.R2, domain.R5, domain.R22),
		byInvited[AcceptInvitation]("AcceptInvitation", "Accept an invitation with the link from its mail and become a member.",
			domain.R22, domain.R23, domain.R24, domain.R26),
		byInvited[DeclineInvitation]("DeclineInvitation", "Decline an invitation with the link from its mail.", domain.R23),
		bySystem[ExpireInvitation]("ExpireInvitation", "Note that an invitation was not answered in time.", domain.R23),
	}
}

func ofMembers() []domain.CommandType {
	return []domain.CommandType{
		byMember[ChangeRole]("ChangeRole", "Make a member or invited person an Admin, Editor or Client.",
			domain.R4, domain.R9, domain.R10, domain.R11, domain.R14, domain.R33),
		byMember[ChangeClientAccess]("ChangeClientAccess", "Set what a Client may do: add accounts, manage posts.",
			domain.R2, domain.R5, domain.R14, domain.R19, domain.R61),
		byMember[GrantAddAccounts]("GrantAddAccounts", "Let an Admin add social accounts.", domain.R7),
		byMember[WithdrawAddAccounts]("WithdrawAddAccounts", "Let an Admin add social accounts no more.", domain.R7),
		byMember[GrantAuditor]("GrantAuditor", "Let a member or invited person read the history.", domain.R65),
		byMember[WithdrawAuditor]("WithdrawAuditor", "Let a member or invited person read the history no more.", domain.R65),
		byMember[RequireTwoFactor]("RequireTwoFactor", "Require two-factor authentication of a member or invited person."),
		byMember[LiftTwoFactorRequirement]("LiftTwoFactorRequirement", "Require two-factor authentication of a member or invited person no more."),
		byMember[RemoveMember]("RemoveMember", "End somebody's membership at once; their posts pass to the Owner.",
			domain.R2, domain.R5, domain.R12, domain.R61, domain.R62, domain.R64),
		byMember[LeaveWorkspace]("LeaveWorkspace", "End your own membership; your posts pass to the Owner.",
			domain.R12, domain.R61, domain.R62),
		byMember[AssignAccount]("AssignAccount", "Give a member or invited person a social account.",
			domain.R2, domain.R5, domain.R6, domain.R8, domain.R18, domain.R19, domain.R27, domain.R33, domain.R50),
		byMember[UnassignAccount]("UnassignAccount", "Take a social account from a member or invited person; posts there pass to the Owner.",
			domain.R2, domain.R5, domain.R6, domain.R27, domain.R61),
		byMember[ChangePostingLevel]("ChangePostingLevel", "Set whether an Editor's posts to an account need the team's approval.",
			domain.R2, domain.R5, domain.R6, domain.R50),
		byMember[ChangeApproval]("ChangeApproval", "Set whether a Client approves posts on an account.",
			domain.R2, domain.R5, domain.R6, domain.R18),
		byMember[ChangeCredentialMode]("ChangeCredentialMode", "Choose whose connection a member's posts to an account go out through.",
			domain.R2, domain.R5, domain.R6, domain.R8, domain.R19, domain.R33, domain.R42, domain.R48),
	}
}

func ofTheWorkspace() []domain.CommandType {
	return []domain.CommandType{
		byMember[RenameWorkspace]("RenameWorkspace", "Give the workspace another name."),
		dangerous(byMember[OfferOwnership]("OfferOwnership", "Offer the ownership to another member.", domain.R11)),
		byMember[WithdrawOwnershipOffer]("WithdrawOwnershipOffer", "Take the offer of the ownership back.", domain.R11),
		dangerous(byMember[AcceptOwnership]("AcceptOwnership", "Accept the offered ownership; the old Owner becomes an Admin.", domain.R3, domain.R11, domain.R49)),
		byMember[DeclineOwnership]("DeclineOwnership", "Decline the offered ownership.", domain.R11),
		byMember[PausePublishing]("PausePublishing", "Stop all sending, in the workspace or to one account.", domain.R68),
		byMember[ResumePublishing]("ResumePublishing", "Let sending go on, in the workspace or to one account.", domain.R68),
		byMember[SetClientApproval]("SetClientApproval", "Set whether one approving Client is enough on an account, or all are needed.", domain.R51),
		byMember[RemoveAccount]("RemoveAccount", "Take a social account out of the workspace.", domain.R7, domain.R16, domain.R27),
		dangerous(byMember[CloseWorkspace]("CloseWorkspace", "Close the workspace for good: nothing is published any more, the history stays readable.")),
		dangerous(byMember[DeleteWorkspace]("DeleteWorkspace", "Have the workspace deleted in 30 days.")),
		byMember[CancelDeletion]("CancelDeletion", "Keep a workspace that was to be deleted."),
		bySystem[FinishDeletion]("FinishDeletion", "Delete a workspace whose days of grace have passed.", domain.R13),
	}
}

// decider is a command that is decided on the workspace's stream alone.
type decider interface {
	Decide(w Workspace, by domain.Actor) ([]domain.Event, error)
}

// byMember is a command of the workspace's members: outsiders learn nothing
// (R32), a missing second factor (R63) or a closed workspace (R13) hinders them.
func byMember[C decider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return command[C](name, domain.ByMember, summary, append(rules, domain.R13, domain.R32, domain.R63))
}

// dangerous commands take a proof of who one is that is a moment old.
func dangerous(kind domain.CommandType) domain.CommandType {
	kind.Dangerous = true
	return kind
}

// byInvited is a command of somebody who is no member yet.
func byInvited[C decider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return command[C](name, domain.ByMember, summary, append(rules, domain.R13, domain.R32))
}

func bySystem[C decider](name, summary string, rules ...domain.Rule) domain.CommandType {
	return command[C](name, domain.BySystem, summary, rules)
}

func command[C decider](name string, issuer domain.Issuer, summary string, rules []domain.Rule) domain.CommandType {
	slices.Sort(rules)
	return domain.CommandType{
		Name: name, Issuer: issuer, Summary: summary, Rules: rules,
		New: func() any { return new(C) },
		Streams: func(_ any, ws domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			return []domain.Stream{Stream(ws)}
		},
		Decide: func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			events, err := (*cmd.(*C)).Decide(*domain.Fact[*Workspace](facts, Stream(ws)), by)
			return domain.On(Stream(ws), events...), err
		},
	}
}

// createWorkspace is decided on a stream that the command itself names.
func createWorkspace() domain.CommandType {
	created := command[CreateWorkspace]("CreateWorkspace", domain.ByFlow, "Create a workspace and become its Owner.",
		[]domain.Rule{domain.R2, domain.R3, domain.R32})
	created.Streams = func(cmd any, _ domain.WorkspaceID, _ domain.Actor) []domain.Stream {
		return []domain.Stream{Stream(cmd.(*CreateWorkspace).ID)}
	}
	created.Decide = func(cmd any, _ domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
		create := cmd.(*CreateWorkspace)
		events, err := create.Decide(*domain.Fact[*Workspace](facts, Stream(create.ID)), by)
		return domain.On(Stream(create.ID), events...), err
	}
	return created
}
