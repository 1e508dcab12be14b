package catalog

import (
	"maps"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/auditlog"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/invitation"
	"behalf/domain/workspace/membership"
	"behalf/domain/workspace/ownership"
	"behalf/domain/workspace/pausing"
)

// permissions is the matrix, by command. The cells stand in the order of
// actors: O A A+ E C Ca Cm C+ Au, and 1F X – where they are not R63 R32 R32.
func permissions() map[string][]permission {
	matrix := map[string][]permission{}
	for _, part := range []map[string][]permission{ofInvitations(), ofMembers(), ofAssignments(), ofTheWorkspace(), ofAccountsAndPosts(), ofPosts()} {
		maps.Copy(matrix, part)
	}
	return matrix
}

// What comes up again and again.
const (
	ownerAndAdmins  = "yes yes yes R2 R2 R2 R2 R2 R2"
	ownerNotAdmins  = "yes R5  R5  R2 R2 R2 R2 R2 R2"
	notTheirAccount = "yes R6  R6  R2 R2 R2 R2 R2 R2"
	beyondTheirOwn  = "yes R8  R8  R2 R2 R2 R2 R2 R2"
)

// owners is a line of what is the Owner's alone; others are refused by the rule.
func owners(rule string) string {
	cells := "yes"
	for range len(actors) - 4 {
		cells += " " + rule
	}
	return cells
}

// always is the same command whoever issues it.
func always(command any) func(domain.UserID) any { return func(domain.UserID) any { return command } }

func member(id domain.UserID) workspace.Whom        { return workspace.Whom{Member: id} }
func invitee(id domain.InvitationID) workspace.Whom { return workspace.Whom{Invitation: id} }

func ofInvitations() map[string][]permission {
	somebody := domain.UserID{15: 0x40}
	editor := func(assignments ...workspace.Assignment) func(domain.UserID) any {
		return always(invitation.InviteEditor{Email: "x@example.com", Person: somebody, Assignments: assignments})
	}
	theirs := invitation.Link{Invitation: asEditor, Generation: 1}
	mine := invitation.Link{Invitation: domain.InvitationID{15: 0x33}, Generation: 1}
	return map[string][]permission{
		"InviteClient":  {{"", always(invitation.InviteClient{Email: "x@example.com", Person: somebody}), nil, ownerNotAdmins}},
		"InviteAdmin":   {{"", always(invitation.InviteAdmin{Email: "x@example.com", Person: somebody}), nil, ownerNotAdmins}},
		"InviteAuditor": {{"", always(invitation.InviteAuditor{Email: "x@example.com", Person: somebody}), nil, owners("R65")}},
		"InviteEditor": {
			{"without accounts", editor(), nil, ownerAndAdmins},
			{"to News", editor(acme.Gives(scenario.News, workspace.OwnerMode)), nil, ownerAndAdmins},
			{"to Blog", editor(acme.Gives(scenario.Blog, workspace.MemberMode)), nil, notTheirAccount},
			{"with the Owner's connection, while one's own mode is `member`", editor(acme.Gives(scenario.News, workspace.OwnerMode)), throughMine, beyondTheirOwn},
			{"instead of a pending Client's", always(invitation.InviteEditor{Email: "x@example.com", Person: domain.UserID{0: 0x02, 15: 0x31}}), nil, ownerNotAdmins},
		},
		"ResendInvitation": {
			{"of an Editor", always(invitation.ResendInvitation{Invitation: asEditor}), nil, ownerAndAdmins},
			{"of a Client", always(invitation.ResendInvitation{Invitation: asClient}), nil, ownerNotAdmins},
			{"of an Admin", always(invitation.ResendInvitation{Invitation: asAdmin}), nil, ownerNotAdmins},
		},
		"RevokeInvitation": {
			{"of an Editor", always(invitation.RevokeInvitation{Invitation: asEditor}), nil, ownerAndAdmins},
			{"of a Client", always(invitation.RevokeInvitation{Invitation: asClient}), nil, ownerNotAdmins},
			{"of an Admin", always(invitation.RevokeInvitation{Invitation: asAdmin}), nil, ownerNotAdmins},
		},
		"AcceptInvitation": {
			{"with one's own link", always(invitation.AcceptInvitation{Link: mine}), iAmInvited, "R24 R24 R24 R24 R24 R24 R24 R24 R24 R24 yes R32"},
			{"with somebody else's link", always(invitation.AcceptInvitation{Link: theirs}), nil, "R23 R23 R23 R23 R23 R23 R23 R23 R23 R23 R23 R32"},
			{"without a genuine link", always(invitation.AcceptInvitation{}), nil, "R32 R32 R32 R32 R32 R32 R32 R32 R32 R32 R32 R32"},
		},
		"DeclineInvitation": {
			{"with one's own link", always(invitation.DeclineInvitation{Link: mine}), iAmInvited, "yes yes yes yes yes yes yes yes yes yes yes R32"},
			{"with somebody else's link", always(invitation.DeclineInvitation{Link: theirs}), nil, "R23 R23 R23 R23 R23 R23 R23 R23 R23 R23 R23 R32"},
			{"without a genuine link", always(invitation.DeclineInvitation{}), nil, "R32 R32 R32 R32 R32 R32 R32 R32 R32 R32 R32 R32"},
		},
	}
}

func ofMembers() map[string][]permission {
	remove := func(id domain.UserID) func(domain.UserID) any { return always(membership.RemoveMember{Member: id}) }
	ask := func(id domain.UserID) func(domain.UserID) any {
		return always(membership.RequireTwoFactor{Whom: member(id)})
	}
	lift := func(id domain.UserID) func(domain.UserID) any {
		return always(membership.LiftTwoFactorRequirement{Whom: member(id)})
	}
	asked := func(id domain.UserID) func(actor) []domain.Change {
		return happened(workspace.TwoFactorRequired{Member: id})
	}
	const ownerAndAdminsAsk = "yes yes yes R63 R63 R63 R63 R63 R63"
	return map[string][]permission{
		"ChangeRole": {
			{"of an Editor", always(membership.ChangeRole{Whom: member(scenario.Edith), Role: workspace.Admin}), nil, owners("R4")},
			{"of somebody invited", always(membership.ChangeRole{Whom: invitee(asEditor), Role: workspace.Admin}), nil, owners("R4")},
			{"of the Owner", always(membership.ChangeRole{Whom: member(scenario.Olivia), Role: workspace.Admin}), nil, "R11 R4 R4 R4 R4 R4 R4 R4 R4"},
			{"of oneself, to more", func(me domain.UserID) any { return membership.ChangeRole{Whom: member(me), Role: workspace.Admin} }, nil, "R11 R4 R4 R4 R4 R4 R4 R4 R4"},
		},
		"ChangeClientAccess": {
			{"of a Client", always(membership.ChangeClientAccess{Whom: member(scenario.Carl)}), nil, ownerNotAdmins},
			{"of an invited Client", always(membership.ChangeClientAccess{Whom: invitee(asClient), Access: acme.Adds}), nil, ownerNotAdmins},
			{"of an Editor, who has no flags", always(membership.ChangeClientAccess{Whom: member(scenario.Edith), Access: acme.Adds}), nil, "R14 R14 R14 R2 R2 R2 R2 R2 R2"},
		},
		"GrantAddAccounts": {
			{"to an Admin", always(membership.GrantAddAccounts{Whom: member(scenario.Adam)}), nil, owners("R7")},
			{"to an invited Admin", always(membership.GrantAddAccounts{Whom: invitee(asAdmin)}), nil, owners("R7")},
		},
		"WithdrawAddAccounts": {
			{"from an Admin", always(membership.WithdrawAddAccounts{Whom: member(scenario.Adam)}), happened(workspace.AddingAccountsGranted{Member: scenario.Adam}), owners("R7")},
		},
		"GrantAuditor": {
			{"to a member", always(membership.GrantAuditor{Whom: member(scenario.Edith)}), nil, owners("R65")},
			{"to somebody invited", always(membership.GrantAuditor{Whom: invitee(asEditor)}), nil, owners("R65")},
		},
		"WithdrawAuditor": {
			{"from a member", always(membership.WithdrawAuditor{Whom: member(scenario.Edith)}), happened(workspace.AuditorGranted{Member: scenario.Edith}), owners("R65")},
		},
		"RequireTwoFactor": {
			{"of an Editor", ask(scenario.Edith), nil, ownerAndAdminsAsk},
			{"of a Client", ask(scenario.Carl), nil, ownerAndAdminsAsk},
			{"of an Admin", ask(scenario.Adam), nil, owners("R63")},
			{"of the Owner", ask(scenario.Olivia), nil, owners("R63")},
			{"of an invited Editor", always(membership.RequireTwoFactor{Whom: invitee(asEditor)}), nil, ownerAndAdminsAsk},
		},
		"LiftTwoFactorRequirement": {
			{"from an Editor", lift(scenario.Edith), asked(scenario.Edith), ownerAndAdminsAsk},
			{"from a Client", lift(scenario.Carl), asked(scenario.Carl), ownerAndAdminsAsk},
			{"from an Admin", lift(scenario.Adam), asked(scenario.Adam), owners("R63")},
			{"from the Owner", lift(scenario.Olivia), asked(scenario.Olivia), owners("R63")},
		},
		"RemoveMember": {
			{"an Editor", remove(scenario.Edith), nil, ownerAndAdmins},
			{"an Admin", remove(scenario.Adam), nil, ownerNotAdmins},
			{"a Client", remove(scenario.Carl), nil, ownerNotAdmins},
			{"the Owner", remove(scenario.Olivia), nil, "R12 R5 R5 R2 R2 R2 R2 R2 R2"},
		},
		"LeaveWorkspace": {{"", always(membership.LeaveWorkspace{}), nil, "R12 yes yes yes yes yes yes yes yes"}},
	}
}

func ofTheWorkspace() map[string][]permission {
	const nobodyElse = "yes R68 R68 R68 R68 R68 R68 R68 R68"
	pause := func(id domain.AccountID) func(domain.UserID) any {
		return always(pausing.PausePublishing{Account: id})
	}
	resume := func(id domain.AccountID) func(domain.UserID) any {
		return always(pausing.ResumePublishing{Account: id})
	}
	paused := func(id domain.AccountID) func(actor) []domain.Change {
		return happened(workspace.PublishingPaused{Account: id})
	}
	return map[string][]permission{
		"RenameWorkspace":        {{"", always(workspace.RenameWorkspace{Name: "Apex"}), nil, owners("R13")}},
		"SetGrace":               {{"", always(workspace.SetGrace{Minutes: 30}), nil, owners("R2")}},
		"CloseWorkspace":         {{"", always(closing.CloseWorkspace{}), nil, owners("R13")}},
		"DeleteWorkspace":        {{"", always(closing.DeleteWorkspace{}), nil, owners("R13")}, {"closed", always(closing.DeleteWorkspace{}), happened(workspace.Closed{}), owners("R13")}},
		"ExportWorkspace":        {{"", always(closing.ExportWorkspace{}), nil, owners("R13")}, {"closed", always(closing.ExportWorkspace{}), happened(workspace.Closed{}), owners("R13")}},
		"CancelDeletion":         {{"", always(closing.CancelDeletion{}), happened(workspace.DeletionScheduled{Until: scenario.Now}), owners("R13")}},
		"SetClientApproval":      {{"", always(assignment.SetClientApproval{Account: scenario.News, Approval: workspace.AllClients}), nil, owners("R51")}},
		"OfferOwnership":         {{"to an Editor", always(ownership.OfferOwnership{Member: scenario.Edith}), nil, owners("R11")}},
		"WithdrawOwnershipOffer": {{"", always(ownership.WithdrawOwnershipOffer{}), offeredToEdith, owners("R11")}},
		"AcceptOwnership": {
			{"offered to oneself", always(ownership.AcceptOwnership{}), offeredToMe, "R11 yes yes yes yes yes yes yes yes"},
			{"offered to somebody else", always(ownership.AcceptOwnership{}), offeredToEdith, "R11 R11 R11 R11 R11 R11 R11 R11 R11"},
		},
		"DeclineOwnership": {
			{"offered to oneself", always(ownership.DeclineOwnership{}), offeredToMe, "R11 yes yes yes yes yes yes yes yes"},
			{"offered to somebody else", always(ownership.DeclineOwnership{}), offeredToEdith, "R11 R11 R11 R11 R11 R11 R11 R11 R11"},
		},
		"PausePublishing": {
			{"the workspace", pause(domain.AccountID{}), nil, nobodyElse},
			{"News", pause(scenario.News), nil, "yes yes yes R68 R68 R68 R68 R68 R68"},
			{"Blog", pause(scenario.Blog), nil, nobodyElse},
		},
		"ResumePublishing": {
			{"the workspace", resume(domain.AccountID{}), paused(domain.AccountID{}), nobodyElse},
			{"News", resume(scenario.News), paused(scenario.News), "yes yes yes R68 R68 R68 R68 R68 R68"},
			{"Blog", resume(scenario.Blog), paused(scenario.Blog), nobodyElse},
		},
		"RecordHistoryRead": {
			{"", always(auditlog.RecordHistoryRead{Question: auditlog.WhatHappened}), nil, "yes R65 R65 R65 R65 R65 R65 R65 yes"},
			{"of a closed workspace", always(auditlog.RecordHistoryRead{Question: auditlog.WhatHappened}), happened(workspace.Closed{}), "yes R65 R65 R65 R65 R65 R65 R65 yes"},
		},
	}
}

func ofAccountsAndPosts() map[string][]permission {
	connect := func(id domain.AccountID, remote, network string) func(domain.UserID) any {
		return always(account.ConnectAccount{Account: id, Verified: account.Access{Network: network, Remote: remote, Connection: domain.ConnectionID{15: 1}}})
	}
	content := func(id domain.AccountID) post.Content {
		return post.Content{Text: "Hello", Targets: []post.Destination{{Account: id}}}
	}
	publish := func(id domain.AccountID) func(domain.UserID) any {
		return always(planning.PublishPost{Content: content(id)})
	}
	identity := func(id domain.AccountID) func(domain.UserID) any {
		return always(account.ChangePostingIdentity{Account: id, Identity: "author-1", Offered: []string{"author-1"}})
	}
	schedule := func(id domain.AccountID) func(domain.UserID) any {
		return always(planning.SchedulePost{Content: content(id), At: scenario.Now.Add(time.Hour)})
	}
	again := func(id domain.AccountID) func(domain.UserID) any {
		return always(planning.PublishTargetNow{Post: aPost, Account: id})
	}
	carlApproves := happened(workspace.ApprovalChanged{Member: scenario.Carl, Account: scenario.News, ApprovesPosts: true})
	const (
		mayWrite    = "yes yes yes yes R17 R17 yes yes R17"
		notAssigned = "yes R27 R27 R27 R17 R17 R27 R27 R17"
	)
	return map[string][]permission{
		"RemoveAccount": {
			{"one that one added", func(domain.UserID) any { return assignment.RemoveAccount{Account: own} }, addedByMe, "yes R7 yes R16 R16 yes R16 yes R16"},
			{"one that somebody else added", always(assignment.RemoveAccount{Account: scenario.News}), nil, "yes R7 R7 R16 R16 R7 R16 R7 R16"},
		},
		"ConnectAccount": {
			{"a new one", connect(domain.AccountID{15: 1}, "page-new", "sandbox"), nil, "yes R7 yes R16 R16 yes R16 yes R16"},
			{"News, mode `owner`", connect(scenario.News, "page-news", "sandbox"), nil, "yes R35 R35 R35 R35 R35 R35 R35 R27"},
			{"News, mode `member`", connect(scenario.News, "page-news", "sandbox"), throughMine, "yes yes yes yes R35 R35 yes yes R27"},
			{"Blog", connect(scenario.Blog, "blog", "wordpress"), nil, "yes R27 R27 R27 R27 R27 R27 R27 R27"},
			{"one that one added", connect(own, "page-own", "sandbox"), addedByMe, "yes yes yes yes yes yes yes yes yes"},
		},
		"DisconnectAccount": {
			{"what one has connected", always(account.DisconnectAccount{Account: scenario.News}), connectedByMe, "yes yes yes yes yes yes yes yes yes"},
			{"what others have connected", always(account.DisconnectAccount{Account: scenario.Blog}), nil, "R44 R44 R44 R44 R44 R44 R44 R44 R44"},
		},
		"ChangePostingIdentity": {
			{"on Blog", identity(scenario.Blog), nil, "R44 R27 R27 R27 R27 R27 R27 R27 R27"},
			{"on News, mode `owner`", identity(scenario.News), connectedByMe, "R40 R36 R36 R36 R36 R36 R36 R36 R27"},
			{"on News, mode `member`; the network has none", identity(scenario.News), both(throughMine, connectedByMe), "R40 R40 R40 R40 R36 R36 R40 R40 R27"},
		},
		"PublishPost": {
			{"to News", publish(scenario.News), nil, mayWrite},
			{"to Blog", publish(scenario.Blog), nil, notAssigned},
			{"to News, where another post went out a second ago", publish(scenario.News), aPostJustWentOut, "R57 R57 R57 R57 R17 R17 R57 R57 R17"},
			{"to News, where Editors need approval", publish(scenario.News), needsApproval, "yes yes yes R50 R17 R17 yes yes R17"},
			{"to News, where a Client approves", publish(scenario.News), carlApproves, "R51 R51 R51 R51 R17 R17 yes yes R17"},
		},
		"SchedulePost": {
			{"to News", schedule(scenario.News), nil, mayWrite},
			{"to Blog", schedule(scenario.Blog), nil, notAssigned},
			{"to News, where approval is needed", schedule(scenario.News), both(needsApproval, carlApproves), mayWrite},
		},
		"PublishTargetNow": {
			{"one's own, on News", again(scenario.News), missed(mine, scenario.News), "yes yes yes yes R17 R17 yes yes R32"},
			{"somebody else's, on News", again(scenario.News), missed(carls, scenario.News), "yes yes yes R28 R17 R17 yes yes R32"},
			{"somebody else's, on Blog", again(scenario.Blog), missed(carls, scenario.Blog), "yes R32 R32 R32 R32 R32 R32 R32 R32"},
		},
	}
}
