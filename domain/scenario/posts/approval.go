package posts

import (
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

// Who takes part besides, and what there is of them.
var (
	Dora      = domain.UserID{0: 2, 15: 6} // another Client who approves
	NewsAlone = []domain.AccountID{scenario.News}
	AdamHere  = acme.Joined(scenario.Adam, workspace.Admin, acme.ReadOnly, acme.Gives(scenario.News, workspace.OwnerMode))
	EdithHere = acme.Joined(scenario.Edith, workspace.Editor, acme.ReadOnly,
		workspace.Assignment{Account: scenario.News, PostingLevel: workspace.ApprovalRequired, CredentialMode: workspace.OwnerMode},
		workspace.Assignment{Account: scenario.Blog, CredentialMode: workspace.OwnerMode})
	DoraApproves = acme.Joined(Dora, workspace.Client, acme.ReadOnly, workspace.Assignment{Account: scenario.News, ApprovesPosts: true})
)

// Waiting is Edith's post on News and Blog, that waits on News.
func Waiting(gates ...post.Gate) []domain.Change {
	return OnPost(WrittenBy(Editor), post.Scheduled{Revision: 1, At: Later, Gates: map[domain.AccountID][]post.Gate{scenario.News: gates}})
}

// Approved is the yes of one person to that, which lets the gate pass.
func Approved(by domain.Actor, gate post.Gate) post.Approved {
	return post.Approved{By: by.User, Revision: 1, Gate: gate, Accounts: NewsAlone, Passed: NewsAlone, Author: scenario.Edith}
}
