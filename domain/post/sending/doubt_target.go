package sending

import (
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// DoubtTarget ends a target of which a restored log says that it is still to go
// out, and of which nobody can find out whether it has: a person decides (R59, R69).
type DoubtTarget struct {
	Post    domain.PostID
	Account domain.AccountID
	Detail  string // plain words
}

// Decide answers nothing when the target is not to go out: it is known by then,
// or somebody has taken it back.
func (c DoubtTarget) Decide(_ domain.WorkspaceID, w workspace.Workspace, p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	switch {
	case !by.IsSystem() || !known:
		return nil, domain.Hidden()
	case !target.State.Planned():
		return nil, nil
	}
	return []domain.Event{post.TargetUnknown{Account: c.Account, Detail: c.Detail, Author: target.Author, Owner: w.Owner}}, nil
}
