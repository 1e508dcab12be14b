// Package acme tells how the workspace that the stories play in came to be:
// histories for the tests of what builds on workspaces.
package acme

import (
	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// Founded is the workspace of Olivia, with two accounts that she added.
func Founded() []domain.Change {
	return In(
		workspace.Created{Name: "Acme", Owner: scenario.Olivia},
		workspace.AccountAdded{
			Account: scenario.News, Network: "sandbox", Remote: "page-news", Name: "Acme News", AddedBy: scenario.Olivia,
		},
		workspace.AccountAdded{
			Account: scenario.Blog, Network: "wordpress", Remote: "blog", Name: "Acme Blog", AddedBy: scenario.Olivia, HasIdentities: true,
		},
	)
}

// Joined makes somebody a member with these assignments.
func Joined(user domain.UserID, role workspace.Role, access workspace.ClientAccess, assignments ...workspace.Assignment) []domain.Change {
	invitation := domain.InvitationID(user)
	return In(workspace.InvitationAccepted{
		Invitation: invitation, Member: user, Role: role, Access: access, Assignments: assignments,
	})
}

// In puts events on the workspace's stream.
func In(events ...domain.Event) []domain.Change {
	return domain.On(workspace.Stream(scenario.Acme), events...)
}

// Gives assigns an account with a credential mode.
func Gives(account domain.AccountID, mode workspace.CredentialMode) workspace.Assignment {
	return workspace.Assignment{Account: account, CredentialMode: mode}
}

// What Clients may do (R14-R17).
var (
	ReadOnly = workspace.ClientAccess{}
	Adds     = workspace.ClientAccess{AddAccounts: true}
	Writes   = workspace.ClientAccess{ManagePosts: true}
)
