package account

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

var (
	justFounded = acme.In(workspace.Created{Name: "Acme", Owner: scenario.Olivia})
	freshID     = domain.AccountID(scenario.Fresh(1))
)

// added is the workspace's side of adding News under a fresh id.
func added(by domain.Actor) workspace.AccountAdded {
	return workspace.AccountAdded{
		Account: freshID, Network: "sandbox", Remote: "page-news", Name: "Acme News", AddedBy: by.User,
	}
}

func TestOwnerAddsAccount(t *testing.T) {
	t.Parallel()
	given(t, justFounded).
		When(owner, ConnectAccount{Verified: toNews(olivias)}).
		ThenOn(append(acme.In(added(owner)), domain.On(Stream(freshID), connected(owner, olivias))...)...)
}

func TestAddAccountUnderAChosenID(t *testing.T) {
	t.Parallel()
	inWorkspace := added(owner)
	inWorkspace.Account = scenario.News
	given(t, justFounded).
		When(owner, ConnectAccount{Account: scenario.News, Verified: toNews(olivias)}).
		ThenOn(append(acme.In(inWorkspace), onNews(connected(owner, olivias))...)...)
}

// R67: whoever adds an account is assigned to it, in mode member if they may post.
func TestMemberAddsAccount(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		by     domain.Actor
		role   workspace.Role
		access workspace.ClientAccess
		mode   workspace.CredentialMode
	}{
		"an Admin (R7)":                  {admin, workspace.Admin, acme.Adds, workspace.MemberMode},
		"a Client with both flags (R17)": {client, workspace.Client, workspace.ClientAccess{AddAccounts: true, ManagePosts: true}, workspace.MemberMode},
		"a Client who only adds (R16)":   {client, workspace.Client, acme.Adds, workspace.NoMode},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorkspace := acme.In(added(tc.by), workspace.AccountAssigned{Member: tc.by.User, Assignment: acme.Gives(freshID, tc.mode)})
			given(t, justFounded, acme.Joined(tc.by.User, tc.role, tc.access)).
				When(tc.by, ConnectAccount{Verified: toNews(carls)}).
				ThenOn(append(inWorkspace, domain.On(Stream(freshID), connected(tc.by, carls))...)...)
		})
	}
}

func TestAddAccountWithoutTheFlag(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		role   workspace.Role
		access workspace.ClientAccess
		rule   domain.Rule
	}{
		{workspace.Admin, acme.ReadOnly, domain.R7},
		{workspace.Client, acme.ReadOnly, domain.R16},
		{workspace.Client, acme.Writes, domain.R16},
		{workspace.Editor, acme.Adds, domain.R16},
	} {
		given(t, justFounded, acme.Joined(scenario.Carl, tc.role, tc.access)).
			When(client, ConnectAccount{Verified: toNews(carls)}).
			Refused(tc.rule, "adding_not_granted")
	}
}

func TestAddAccountTwice(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), onNews(connected(owner, olivias))).
		When(owner, ConnectAccount{Verified: toNews(renewed)}).
		Refused(domain.R46, "already_held")
}

// Another workspace's account does not exist for this one (R32).
func TestAddAccountUnderAnIDThatIsTaken(t *testing.T) {
	t.Parallel()
	elsewhere := connected(owner, olivias)
	elsewhere.Workspace = domain.WorkspaceID{15: 2}
	given(t, justFounded, onNews(elsewhere)).
		When(owner, ConnectAccount{Account: scenario.News, Verified: toNews(renewed)}).
		Refused(domain.R32, "not_found")
}

func TestAddAccountWithoutAccess(t *testing.T) {
	t.Parallel()
	given(t, justFounded).When(owner, ConnectAccount{}).Refused(domain.R37, "access_not_confirmed")
}
