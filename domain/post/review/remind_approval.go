package review

import (
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// RemindAhead is how long before the time of a post those are reminded who may
// still approve it (R56).
const RemindAhead = 2 * time.Hour

// RemindApproval reminds those who may approve a post, and have not yet, before
// its time is missed; once for each time.
type RemindApproval struct {
	Post domain.PostID
}

// Decide answers nothing while there is more time, when the time has passed, and
// when they were reminded of it already.
func (c RemindApproval) Decide(ws domain.WorkspaceID, w workspace.Workspace, p post.Post, by domain.Actor) ([]domain.Event, error) {
	if !by.IsSystem() || !p.Exists() || p.Workspace != ws {
		return nil, domain.Hidden()
	}
	if w.MustBeOpen() != nil {
		return nil, nil
	}
	reminded := post.ApprovalReminded{}
	for _, account := range p.In(func(s post.TargetState) bool { return s == post.Waiting }) {
		target := p.Targets[account]
		soon := by.Now.Before(target.Due) && !by.Now.Before(target.Due.Add(-RemindAhead))
		if soon && !target.Reminded.Equal(target.Due) {
			reminded.Accounts = append(reminded.Accounts, account)
		}
	}
	if len(reminded.Accounts) == 0 {
		return nil, nil
	}
	for _, account := range reminded.Accounts {
		for _, id := range p.StillAsked(w, account) {
			if !slices.Contains(reminded.Asked, id) {
				reminded.Asked = append(reminded.Asked, id)
			}
		}
	}
	return []domain.Event{reminded}, nil
}
