package workspace

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
)

// Who acts in the tests of this package.
var (
	owner    = scenario.As(scenario.Olivia)
	admin    = scenario.As(scenario.Adam)
	editor   = scenario.As(scenario.Edith)
	client   = scenario.As(scenario.Carl)
	stranger = scenario.As(scenario.Mallory)
)

// What has happened before.
var (
	founded   = Created{Name: "Acme", Owner: scenario.Olivia}
	newsAdded = AccountAdded{
		Account: scenario.News, Network: "sandbox", Remote: "page-news", Name: "Acme News", AddedBy: scenario.Olivia,
	}
	blogAdded = AccountAdded{
		Account: scenario.Blog, Network: "wordpress", Remote: "blog", Name: "Acme Blog", AddedBy: scenario.Olivia, HasIdentities: true,
	}
)

var (
	readOnly = ClientAccess{}
	writes   = ClientAccess{ManagePosts: true}
	fullyIn  = ClientAccess{AddAccounts: true, ManagePosts: true}
)

func given(t *testing.T, events ...domain.Event) scenario.Story {
	t.Helper()
	return scenario.Given(t, scenario.Acme, scenario.NewLog(Aggregate()), domain.On(Stream(scenario.Acme), events...)...)
}

// fold is the workspace as these events leave it.
func fold(events ...domain.Event) Workspace {
	var w Workspace
	for _, event := range events {
		w.Evolve(event)
	}
	return w
}

// joined makes somebody a member.
func joined(by domain.Actor, role Role, access ClientAccess, assignments ...Assignment) InvitationAccepted {
	return InvitationAccepted{
		Invitation: domain.InvitationID(by.User), Member: by.User, Role: role, Access: access, Assignments: assignments,
	}
}

func on(account domain.AccountID, mode CredentialMode) Assignment {
	return Assignment{Account: account, CredentialMode: mode}
}
