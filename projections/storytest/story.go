// Package storytest tells views the story of Acme: Olivia's workspace, in which
// Carl is a Client, with two accounts and a post; and shows what the views hold
// afterwards. Tests give their packages short names for what they use of it.
package storytest

import (
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
)

// The people and things of the story.
var (
	Acme   = domain.WorkspaceID{0: 1, 15: 1}
	Olivia = domain.UserID{0: 2, 15: 1} // its Owner
	Carl   = domain.UserID{0: 2, 15: 2} // its Client
	Dora   = domain.UserID{0: 2, 15: 3} // an outsider
	News   = domain.AccountID{0: 3, 15: 1}
	Blog   = domain.AccountID{0: 3, 15: 2}
	Hello  = domain.PostID{0: 4, 15: 1}
	Dawn   = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	Noon   = Dawn.Add(6 * time.Hour)

	First   = domain.InvitationID{0: 5, 15: 1}
	Second  = domain.InvitationID{0: 5, 15: 2}
	OldKey  = domain.ConnectionID{0: 6, 15: 1}
	NewKey  = domain.ConnectionID{0: 6, 15: 2}
	CarlKey = domain.ConnectionID{0: 6, 15: 3}
	Attempt = domain.AttemptID{0: 7, 15: 1}

	OfAcme = eventstore.Scope{Workspace: Acme, User: Olivia}
	AsCarl = eventstore.Scope{Workspace: Acme, User: Carl}
)

// What happens in the workspace.
var (
	Founded   = workspace.Created{Name: "Acme", Owner: Olivia}
	NewsAdded = workspace.AccountAdded{Account: News, Network: "sandbox", Remote: "page-1", Name: "Acme News", AddedBy: Olivia}
	BlogAdded = workspace.AccountAdded{Account: Blog, Network: "wordpress", Remote: "site-1", Name: "Blog", AddedBy: Carl, HasIdentities: true}
	Offered   = []workspace.Assignment{{Account: News, ApprovesPosts: true, CredentialMode: workspace.OwnerMode}}
	Access    = workspace.ClientAccess{AddAccounts: true, ManagePosts: true}
)

// What happens to Olivia's connection to Acme News.
var (
	Connected  = account.Connected{Workspace: Acme, Network: "sandbox", Remote: "page-1", Connection: OldKey, Holder: Olivia, Identity: "Olivia"}
	Died       = account.ReauthenticationNeeded{Holder: Olivia, Connection: OldKey, Code: "expired", Detail: "The token has expired."}
	NeverThere = account.ReauthenticationNeeded{Holder: Carl, Code: "no_connection", Detail: "Never connected."}
)

// What happens to Carl's post.
var (
	Composed = post.WrittenPlain{Workspace: Acme, Author: Carl, Text: "Hello", Targets: []post.Place{{Account: News}, {Account: Blog, Identity: "Carl"}}}
	Planned  = post.Scheduled{Revision: 1, At: Noon, Zone: "Europe/Berlin"}
	Claimed  = post.TargetClaimed{
		Account: News, Attempt: Attempt, Revision: 1, Key: "key", Mode: workspace.OwnerMode, Holder: Olivia, Connection: OldKey,
		Identity: "Olivia", Rules: []domain.Rule{domain.R34, domain.R35}, Deadline: Noon.Add(30 * time.Second),
	}
)

// Sealed is a personal text as the log has it: views know no other ones.
func Sealed(of domain.UserID, says string) personal.Text {
	return personal.Sealed(of, personal.Place{}, []byte(says))
}

// Invited offers Carl to become a Client on Acme News, in the Owner's mode.
func Invited(id domain.InvitationID) workspace.ClientInvited {
	return workspace.ClientInvited{
		Invitation: id, Generation: 1, Person: Carl, Email: Sealed(Carl, "carl@example.com"), Access: Access,
		RequireTwoFactor: true, Assignments: Offered, ExpiresAt: Dawn.Add(invitation.Life),
	}
}

// Accepted makes Carl a member.
func Accepted(id domain.InvitationID) workspace.InvitationAccepted {
	return workspace.InvitationAccepted{
		Invitation: id, Member: Carl, Role: workspace.Client, Access: Access, RequireTwoFactor: true, Assignments: Offered,
	}
}

// InAcme puts events on the workspace's stream.
func InAcme(events ...domain.Event) []domain.Change {
	return domain.On(workspace.Stream(Acme), events...)
}

// OnNews puts events on the stream of Acme News.
func OnNews(events ...domain.Event) []domain.Change {
	return domain.On(account.Stream(News), events...)
}

// OnHello puts events on the stream of Carl's post.
func OnHello(events ...domain.Event) []domain.Change { return domain.On(post.Stream(Hello), events...) }

// ScheduledAt has every target go out at a moment.
func ScheduledAt(moment time.Time) post.Scheduled { return post.Scheduled{Revision: 1, At: moment} }

// PostN is a post of its own on Acme News; its events name no other account.
func PostN(n byte, events ...domain.Event) []domain.Change {
	composed := post.WrittenPlain{Workspace: Acme, Author: Carl, Text: "Hello", Targets: []post.Place{{Account: News}}}
	return domain.On(post.Stream(domain.PostID{0: 4, 15: n}), append([]domain.Event{composed}, events...)...)
}

// Team is Acme with Olivia and Carl, two accounts, and Carl on the first one; nine events.
func Team(more ...domain.Change) []domain.Change {
	registered := func(id domain.UserID, email, name string) []domain.Change {
		return domain.On(user.Stream(id), user.Registered{Email: Sealed(id, email), Name: Sealed(id, name)})
	}
	log := InAcme(Founded, NewsAdded, BlogAdded, Invited(First), Accepted(First))
	log = append(log, registered(Olivia, "olivia@example.com", "Olivia")...)
	log = append(log, registered(Carl, "carl@example.com", "Carl")...)
	log = append(log, registered(Dora, "dora@example.com", "Dora")...)
	return append(append(log, OnNews(Connected)...), more...)
}

// CarlGone is Carl with a post and a connection of his own, who was removed by the last event.
func CarlGone() []domain.Change {
	his := Connected
	his.Holder, his.Connection = Carl, CarlKey
	log := append(InAcme(Founded, NewsAdded, BlogAdded, Invited(First), Accepted(First)), OnNews(his)...)
	return append(append(log, OnHello(Composed, Planned)...), InAcme(workspace.MemberRemoved{Member: Carl})...)
}
