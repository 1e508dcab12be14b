// Package team has the members of the workspace Acme act in tests of its
// commands: who they are, what has happened before, and what nobody may.
package team

import (
	"testing"

	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// Who acts.
var (
	Owner    = scenario.As(scenario.Olivia)
	Admin    = scenario.As(scenario.Adam)
	Editor   = scenario.As(scenario.Edith)
	Client   = scenario.As(scenario.Carl)
	Stranger = scenario.As(scenario.Mallory)
)

// What has happened before.
var (
	Founded   = workspace.Created{Name: "Acme", Owner: scenario.Olivia}
	NewsAdded = workspace.AccountAdded{
		Account: scenario.News, Network: "sandbox", Remote: "page-news", Name: "Acme News", AddedBy: scenario.Olivia,
	}
	BlogAdded = workspace.AccountAdded{
		Account: scenario.Blog, Network: "wordpress", Remote: "blog", Name: "Acme Blog", AddedBy: scenario.Olivia, HasIdentities: true,
	}
)

// What Clients may do (R14-R17).
var (
	ReadOnly = workspace.ClientAccess{}
	Writes   = workspace.ClientAccess{ManagePosts: true}
	FullyIn  = workspace.ClientAccess{AddAccounts: true, ManagePosts: true}
)

// Given begins a story of Acme, with all that the catalog offers.
func Given(t *testing.T, events ...domain.Event) scenario.Story {
	t.Helper()
	return scenario.Given(t, scenario.Acme, scenario.NewLog(catalog.Aggregates()...), domain.On(workspace.Stream(scenario.Acme), events...)...)
}

// Complete has News assigned to everybody in mode owner, and Blog to the Editor alone.
func Complete(adminsMode workspace.CredentialMode) []domain.Event {
	return []domain.Event{
		Founded, NewsAdded, BlogAdded,
		Joined(Admin, workspace.Admin, ReadOnly, On(scenario.News, adminsMode)),
		Joined(Editor, workspace.Editor, ReadOnly, On(scenario.News, workspace.OwnerMode), On(scenario.Blog, workspace.OwnerMode)),
		Joined(Client, workspace.Client, Writes, On(scenario.News, workspace.OwnerMode)),
	}
}

// Posts are some that a member has not published yet.
var Posts = []domain.PostID{{15: 1}, {15: 2}}

// Fold is the workspace as these events leave it.
func Fold(events ...domain.Event) workspace.Workspace {
	var w workspace.Workspace
	for _, event := range events {
		w.Evolve(event)
	}
	return w
}

// Joined makes somebody a member.
func Joined(by domain.Actor, role workspace.Role, access workspace.ClientAccess, assignments ...workspace.Assignment) workspace.InvitationAccepted {
	return workspace.InvitationAccepted{
		Invitation: domain.InvitationID(by.User), Member: by.User, Role: role, Access: access, Assignments: assignments,
	}
}

// On assigns an account with a credential mode.
func On(account domain.AccountID, mode workspace.CredentialMode) workspace.Assignment {
	return workspace.Assignment{Account: account, CredentialMode: mode}
}

// Held is what somebody holds who has these assignments.
func Held(assignments ...workspace.Assignment) map[domain.AccountID]workspace.Assignment {
	byAccount := map[domain.AccountID]workspace.Assignment{}
	for _, assignment := range assignments {
		byAccount[assignment.Account] = assignment
	}
	return byAccount
}

// Of names a member, in commands about either a member or an invitation.
func Of(who domain.UserID) workspace.Whom { return workspace.Whom{Member: who} }

// Offered names an invitation, in the same.
func Offered(id domain.InvitationID) workspace.Whom { return workspace.Whom{Invitation: id} }
