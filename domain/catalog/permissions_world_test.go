package catalog

import (
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

// actor is a column of the matrix: somebody who issues commands in Acme.
type actor struct {
	name, says string
	user       domain.UserID
	oneFactor  bool            // they have not proved a second factor
	joined     []domain.Change // how they came to be a member
	after      []domain.Change // what happens to them after everything else
}

func (a actor) acts() domain.Actor {
	by := scenario.As(a.user)
	by.TwoFactor = !a.oneFactor
	return by
}

// me is the member whom the columns are about, unless it is the Owner.
var me = domain.UserID{0: 0x02, 15: 0x20}

var actors = []actor{
	{name: "O", says: "the Owner", user: scenario.Olivia},
	as("A", "an Admin", workspace.Admin, acme.ReadOnly, workspace.OwnerMode),
	as("A+", "an Admin with `add_accounts`", workspace.Admin, acme.Adds, workspace.OwnerMode),
	as("E", "an Editor", workspace.Editor, acme.ReadOnly, workspace.OwnerMode),
	as("C", "a Client who reads", workspace.Client, acme.ReadOnly, workspace.NoMode),
	as("Ca", "a Client with `add_accounts`", workspace.Client, acme.Adds, workspace.NoMode),
	as("Cm", "a Client with `manage_posts`", workspace.Client, acme.Writes, workspace.OwnerMode),
	as("C+", "a Client with both", workspace.Client, workspace.ClientAccess{AddAccounts: true, ManagePosts: true}, workspace.OwnerMode),
	{name: "Au", says: "an outside auditor", user: me, joined: acme.In(workspace.InvitationAccepted{
		Invitation: domain.InvitationID(me), Member: me, Role: workspace.Client, Auditor: true,
	})},
	{
		name: "1F", says: "the Owner, who must enable two-factor authentication and has not", user: scenario.Olivia, oneFactor: true,
		after: acme.In(workspace.TwoFactorRequired{Member: scenario.Olivia}),
	},
	{name: "X", says: "somebody who is signed in, and no member", user: scenario.Mallory},
	{name: "–", says: "somebody who is not signed in; the API answers 401 before any of this"},
}

// as is a member who has News.
func as(name, says string, role workspace.Role, access workspace.ClientAccess, mode workspace.CredentialMode) actor {
	return actor{name: name, says: says, user: me, joined: acme.Joined(me, role, access, acme.Gives(scenario.News, mode))}
}

// member reports whether the actor is one who was invited; role is what as.
func (a actor) member() bool { return a.user == me }

func (a actor) role() workspace.Role {
	if !a.member() {
		return ""
	}
	return a.joined[0].Event.(workspace.InvitationAccepted).Role
}

func (a actor) mode() workspace.CredentialMode {
	for _, assignment := range a.joined[0].Event.(workspace.InvitationAccepted).Assignments {
		return assignment.CredentialMode
	}
	return workspace.NoMode
}

// The others in Acme: an Admin, two Editors, a Client, and two who are invited.
var (
	nora       = domain.UserID{0: 0x02, 15: 0x21} // an Editor without accounts
	own        = domain.AccountID{0: 0x03, 15: 0x20}
	asEditor   = domain.InvitationID{15: 0x30}
	asClient   = domain.InvitationID{15: 0x31}
	asAdmin    = domain.InvitationID{15: 0x32}
	invitedOne = domain.UserID{0: 0x02, 15: 0x30}
	aPost      = domain.PostID{0: 0x05, 15: 0x20}
)

func theTeam() []domain.Change {
	ends := scenario.Now.Add(invitation.Life)
	team := acme.Founded()
	team = append(team, acme.Joined(scenario.Adam, workspace.Admin, acme.ReadOnly, acme.Gives(scenario.News, workspace.OwnerMode))...)
	team = append(team, acme.Joined(scenario.Edith, workspace.Editor, acme.ReadOnly,
		acme.Gives(scenario.News, workspace.OwnerMode), acme.Gives(scenario.Blog, workspace.OwnerMode))...)
	team = append(team, acme.Joined(nora, workspace.Editor, acme.ReadOnly)...)
	team = append(team, acme.Joined(scenario.Carl, workspace.Client, acme.Writes, acme.Gives(scenario.News, workspace.OwnerMode))...)
	return append(team, acme.In(
		workspace.EditorInvited{Invitation: asEditor, Generation: 1, Person: invitedOne, ExpiresAt: ends},
		workspace.ClientInvited{Invitation: asClient, Generation: 1, Person: domain.UserID{0: 0x02, 15: 0x31}, ExpiresAt: ends},
		workspace.AdminInvited{Invitation: asAdmin, Generation: 1, Person: domain.UserID{0: 0x02, 15: 0x32}, ExpiresAt: ends},
	)...)
}

// What has happened before.

func happened(events ...domain.Event) func(actor) []domain.Change {
	return func(actor) []domain.Change { return acme.In(events...) }
}

// throughMine: who may post to News does so through their own connection.
func throughMine(a actor) []domain.Change {
	if !a.member() || a.mode() == workspace.NoMode {
		return nil
	}
	return acme.In(workspace.CredentialModeChanged{Member: a.user, Account: scenario.News, From: workspace.OwnerMode, To: workspace.MemberMode})
}

// needsApproval: of an Editor, posts to News need the team's.
func needsApproval(a actor) []domain.Change {
	if a.role() != workspace.Editor {
		return nil
	}
	return acme.In(workspace.PostingLevelChanged{Member: a.user, Account: scenario.News, To: workspace.ApprovalRequired})
}

// addedByMe: the workspace holds an account that the actor added.
func addedByMe(a actor) []domain.Change {
	return acme.In(workspace.AccountAdded{Account: own, Network: "sandbox", Remote: "page-own", Name: "Own", AddedBy: a.user})
}

// connectedByMe: the actor has a connection to News.
func connectedByMe(a actor) []domain.Change {
	return domain.On(account.Stream(scenario.News), account.Connected{
		Workspace: scenario.Acme, Network: "sandbox", Remote: "page-news", Connection: domain.ConnectionID{15: 2}, Holder: a.user,
	})
}

func offeredToMe(a actor) []domain.Change {
	if !a.member() {
		return offeredToEdith(a)
	}
	return acme.In(workspace.OwnershipOffered{To: a.user})
}

var offeredToEdith = happened(workspace.OwnershipOffered{To: scenario.Edith})

// iAmInvited puts an invitation of the actor into the log, under its own id.
func iAmInvited(a actor) []domain.Change {
	return acme.In(workspace.EditorInvited{
		Invitation: domain.InvitationID{15: 0x33}, Generation: 1, Person: a.user, ExpiresAt: scenario.Now.Add(invitation.Life),
	})
}

// missed is a post that has missed its time.
func missed(author func(actor) domain.UserID, on domain.AccountID) func(actor) []domain.Change {
	return func(a actor) []domain.Change {
		return domain.On(post.Stream(aPost),
			post.WrittenPlain{Workspace: scenario.Acme, Author: author(a), Text: "Hello", Targets: []post.Place{{Account: on}}},
			post.Scheduled{Revision: 1, At: scenario.Now},
			post.TargetMissed{Account: on, Code: "grace_passed"},
		)
	}
}

func mine(a actor) domain.UserID { return a.user }
func carls(actor) domain.UserID  { return scenario.Carl }
func both(before ...func(actor) []domain.Change) func(actor) []domain.Change {
	return func(a actor) (all []domain.Change) {
		for _, one := range before {
			all = append(all, one(a)...)
		}
		return all
	}
}
