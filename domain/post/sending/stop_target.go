package sending

import (
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// StopTarget ends a target that waits, whose account the workspace does not
// hold any more (R7). Drafts stay drafts; an attempt that has begun ends by itself.
type StopTarget struct {
	Post    domain.PostID
	Account domain.AccountID
}

// Decide answers nothing while the workspace holds the account, and for a
// target that does not wait.
func (c StopTarget) Decide(ws domain.WorkspaceID, w workspace.Workspace, p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	if !by.IsSystem() || !known || p.Workspace != ws || !w.Exists() {
		return nil, domain.Hidden()
	}
	if _, held := w.Accounts[c.Account]; held {
		return nil, nil
	}
	switch target.State {
	case post.Waiting, post.Due, post.NeedsReauthentication:
		return []domain.Event{accountGone(target)}, nil
	default:
		return nil, nil
	}
}

func accountGone(t post.Target) post.TargetFailed {
	return post.TargetFailed{Account: t.Account, Author: t.Author, Code: "account_gone", Detail: "The workspace does not hold this account any more."}
}
