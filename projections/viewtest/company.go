// Package viewtest makes long histories for tests and measurements: workspaces
// that invite members, connect accounts, change credential modes and publish.
// The same number of events is always the same history.
package viewtest

import (
	"encoding/binary"
	"fmt"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/invitation"
)

// What happens in each workspace, besides its creation.
const (
	memberCount  = 12 // who are registered, invited, assigned one more account and given another mode
	accountCount = 2
	postCount    = 8 // that are written, edited, commented on, scheduled, approved, claimed and published
)

// dawn is when the first event was recorded.
var dawn = time.Date(2026, 1, 1, 6, 0, 0, 0, time.UTC)

// happened is a change in a workspace; its workspace is zero on a user's stream.
type happened struct {
	workspace domain.WorkspaceID
	actor     domain.UserID
	domain.Change
}

// sealed is a text of a person that nobody can open: no key stands behind it.
func sealed(person domain.UserID, says string) personal.Text {
	return personal.Sealed(person, personal.Place{}, []byte("without a key: "+says))
}

// numbered makes an id of a kind (its first byte) that nothing else has.
func numbered[ID ~[16]byte](kind byte, workspace, number int) (id ID) {
	id[0], id[6], id[8] = kind, 0x70, 0x80
	binary.BigEndian.PutUint32(id[1:], uint32(workspace))
	binary.BigEndian.PutUint32(id[12:], uint32(number))
	return id
}

// company tells the whole history of the nth workspace.
func company(n int) (told []happened) {
	ws := numbered[domain.WorkspaceID](1, n, 0)
	owner := numbered[domain.UserID](2, n, 0)
	accounts := make([]domain.AccountID, accountCount)
	tell := func(of domain.WorkspaceID, stream domain.Stream, events ...domain.Event) {
		for _, change := range domain.On(stream, events...) {
			told = append(told, happened{of, owner, change})
		}
	}
	within := func(events ...domain.Event) { tell(ws, workspace.Stream(ws), events...) }
	registered := func(id domain.UserID, name string) {
		tell(domain.WorkspaceID{}, user.Stream(id), user.Registered{Email: sealed(id, name+"@example.com"), Name: sealed(id, "Member "+name)})
	}

	registered(owner, fmt.Sprintf("owner-%d", n))
	within(workspace.Created{Name: fmt.Sprintf("Company %d", n), Owner: owner})
	for i := range accounts {
		accounts[i] = numbered[domain.AccountID](3, n, i)
		within(workspace.AccountAdded{Account: accounts[i], Network: "sandbox", Remote: fmt.Sprint("page-", n, i), Name: fmt.Sprint("Page ", i), AddedBy: owner})
		tell(ws, account.Stream(accounts[i]), account.Connected{
			Workspace: ws, Network: "sandbox", Remote: fmt.Sprint("page-", n, i), Connection: numbered[domain.ConnectionID](4, n, i), Holder: owner,
		})
	}
	for i := 1; i <= memberCount; i++ {
		member := numbered[domain.UserID](2, n, i)
		registered(member, fmt.Sprintf("member-%d-%d", n, i))
		joins(within, n, i, member, accounts)
	}
	within(workspace.AccountUnassigned{Member: numbered[domain.UserID](2, n, memberCount), Account: accounts[1]})
	within(workspace.PublishingPaused{Account: accounts[0]}, workspace.PublishingResumed{Account: accounts[0]},
		workspace.ExportRequested{Export: numbered[domain.ExportID](9, n, 0), Until: dawn.Add(closing.ExportPatience)})
	for i := range postCount {
		published(tell, ws, owner, n, i, accounts[i%accountCount])
	}
	return told
}

// joins tells how somebody becomes a member.
func joins(within func(...domain.Event), n, i int, member domain.UserID, accounts []domain.AccountID) {
	id := numbered[domain.InvitationID](5, n, i)
	access := workspace.ClientAccess{ManagePosts: true, AddAccounts: i%2 == 0}
	offered := []workspace.Assignment{{Account: accounts[0], ApprovesPosts: i%3 == 0, CredentialMode: workspace.OwnerMode}}
	within(
		workspace.ClientInvited{
			Invitation: id, Generation: 1, Person: member, Email: sealed(member, fmt.Sprintf("member-%d-%d@example.com", n, i)),
			Access: access, Assignments: offered, ExpiresAt: dawn.Add(invitation.Life),
		},
		workspace.InvitationAccepted{Invitation: id, Member: member, Role: workspace.Client, Access: access, Assignments: offered},
		workspace.AccountAssigned{Member: member, Assignment: workspace.Assignment{Account: accounts[1], CredentialMode: workspace.OwnerMode}},
		workspace.CredentialModeChanged{Member: member, Account: accounts[i%accountCount], From: workspace.OwnerMode, To: workspace.MemberMode},
	)
}

// published tells a post's life.
func published(tell func(domain.WorkspaceID, domain.Stream, ...domain.Event), ws domain.WorkspaceID, author domain.UserID, n, i int, on domain.AccountID) {
	id, attempt := numbered[domain.PostID](6, n, i), numbered[domain.AttemptID](7, n, i)
	at := dawn.Add(time.Duration(n) * time.Minute)
	says := func(words string) personal.Text {
		return personal.Workspace(ws).Sealed(personal.Place{}, []byte("without a key: "+words))
	}
	tell(ws, post.Stream(id),
		post.Written{
			Workspace: ws, Author: author, Targets: []post.Place{{Account: on}},
			Content: says("we are open on Sunday"),
		},
		post.Edited{
			Revision: 2, By: author, Author: author, Targets: []post.Place{{Account: on}}, Open: []domain.AccountID{on},
			Content: says("we are open on Sunday; come and see what is new"),
		},
		post.Commented{Comment: numbered[domain.CommentID](8, n, i), By: author, Text: says("Nice.")},
		post.Scheduled{Revision: 2, At: at, Zone: "Europe/Berlin", Gates: map[domain.AccountID][]post.Gate{on: {post.ClientGate}}},
		post.Approved{
			By: numbered[domain.UserID](2, n, 3), Revision: 2, Gate: post.ClientGate, Accounts: []domain.AccountID{on},
			Passed: []domain.AccountID{on}, Author: author,
		},
		post.TargetClaimed{
			Account: on, Attempt: attempt, Revision: 2, Key: fmt.Sprint("key-", n, "-", i), Mode: workspace.OwnerMode, Holder: author,
			Connection: numbered[domain.ConnectionID](4, n, 0), Rules: []domain.Rule{domain.R42}, Deadline: at.Add(time.Minute),
		},
		post.TargetPublished{Account: on, Attempt: attempt, Remote: fmt.Sprint(n, i), URL: "https://example.com/posts/1"},
	)
}
