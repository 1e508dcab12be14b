package catalog

import (
	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
)

func ofAssignments() map[string][]permission {
	assign := func(whom workspace.Whom, id domain.AccountID, mode workspace.CredentialMode) func(domain.UserID) any {
		return always(assignment.AssignAccount{Whom: whom, Assignment: acme.Gives(id, mode)})
	}
	take := func(id domain.UserID, from domain.AccountID) func(domain.UserID) any {
		return always(assignment.UnassignAccount{Whom: member(id), Account: from})
	}
	level := func(id domain.UserID, on domain.AccountID) func(domain.UserID) any {
		return always(assignment.ChangePostingLevel{Whom: member(id), Account: on, PostingLevel: workspace.ApprovalRequired})
	}
	approval := func(id domain.UserID) func(domain.UserID) any {
		return always(assignment.ChangeApproval{Whom: member(id), Account: scenario.News, ApprovesPosts: true})
	}
	mode := func(id domain.UserID, on domain.AccountID, to workspace.CredentialMode) func(domain.UserID) any {
		return always(assignment.ChangeCredentialMode{Member: id, Account: on, Mode: to})
	}
	edithThroughHers := happened(workspace.CredentialModeChanged{Member: scenario.Edith, Account: scenario.News, To: workspace.MemberMode})
	doraHasNews := happened(workspace.InvitationAmended{
		Invitation: asEditor, Role: workspace.Editor, Assignments: []workspace.Assignment{acme.Gives(scenario.News, workspace.OwnerMode)},
	})
	return map[string][]permission{
		"AssignAccount": {
			{"News to an Editor", assign(member(nora), scenario.News, workspace.OwnerMode), nil, ownerAndAdmins},
			{"Blog to an Editor", assign(member(nora), scenario.Blog, workspace.MemberMode), nil, notTheirAccount},
			{"the Owner's connection, while one's own mode is `member`", assign(member(nora), scenario.News, workspace.OwnerMode), throughMine, beyondTheirOwn},
			{"News to an invited Editor", assign(invitee(asEditor), scenario.News, workspace.OwnerMode), nil, ownerAndAdmins},
			{"to an Admin", assign(member(scenario.Adam), scenario.Blog, workspace.MemberMode), nil, ownerNotAdmins},
			{"to a Client", assign(member(scenario.Carl), scenario.Blog, workspace.MemberMode), nil, ownerNotAdmins},
			{"to the Owner", assign(member(scenario.Olivia), scenario.News, workspace.OwnerMode), nil, "R27 R5 R5 R2 R2 R2 R2 R2 R2"},
		},
		"UnassignAccount": {
			{"News from an Editor", take(scenario.Edith, scenario.News), nil, ownerAndAdmins},
			{"Blog from an Editor", take(scenario.Edith, scenario.Blog), nil, notTheirAccount},
			{"from an Admin", take(scenario.Adam, scenario.News), nil, ownerNotAdmins},
			{"from a Client", take(scenario.Carl, scenario.News), nil, ownerNotAdmins},
			{"from oneself", func(me domain.UserID) any {
				return assignment.UnassignAccount{Whom: member(me), Account: scenario.News}
			}, nil, "R27 R5 R5 R2 R2 R2 R2 R2 R2"},
		},
		"ChangePostingLevel": {
			{"of an Editor, on News", level(scenario.Edith, scenario.News), nil, ownerAndAdmins},
			{"of an Editor, on Blog", level(scenario.Edith, scenario.Blog), nil, notTheirAccount},
			{"of a Client, who has none", level(scenario.Carl, scenario.News), nil, "R50 R5 R5 R2 R2 R2 R2 R2 R2"},
		},
		"ChangeApproval": {
			{"of a Client", approval(scenario.Carl), nil, ownerNotAdmins},
			{"of an Editor, who has none", approval(scenario.Edith), nil, "R18 R18 R18 R2 R2 R2 R2 R2 R2"},
		},
		"ChangeCredentialMode": {
			{"of an Editor, on News", mode(scenario.Edith, scenario.News, workspace.MemberMode), nil, ownerAndAdmins},
			{"of an Editor, on Blog", mode(scenario.Edith, scenario.Blog, workspace.MemberMode), nil, notTheirAccount},
			{"to the Owner's connection", mode(scenario.Edith, scenario.News, workspace.OwnerMode), edithThroughHers, ownerAndAdmins},
			{"to the Owner's connection, while one's own mode is `member`", mode(scenario.Edith, scenario.News, workspace.OwnerMode), both(edithThroughHers, throughMine), beyondTheirOwn},
			{"of an invited Editor", always(assignment.ChangeCredentialMode{Invitation: asEditor, Account: scenario.News, Mode: workspace.MemberMode}), doraHasNews, ownerAndAdmins},
			{"of an Admin", mode(scenario.Adam, scenario.News, workspace.MemberMode), nil, ownerNotAdmins},
			{"of a Client", mode(scenario.Carl, scenario.News, workspace.MemberMode), nil, ownerNotAdmins},
			{"of the Owner, who has none", mode(scenario.Olivia, scenario.News, workspace.MemberMode), nil, "R42 R5 R5 R2 R2 R2 R2 R2 R2"},
		},
	}
}
