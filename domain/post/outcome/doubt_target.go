package outcome

import (
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// DoubtTarget ends a target of which a restored log says that it was still to go
// out, or that a person may have had it published again, and of which nobody can
// find out whether that has happened: a person decides (R59, R69), also where
// somebody has taken it back or planned it anew since.
type DoubtTarget struct {
	Post    domain.PostID
	Account domain.AccountID
	Detail  string // plain words
}

// Decide answers nothing when it is known by then, or the network is being told.
func (c DoubtTarget) Decide(_ domain.WorkspaceID, w workspace.Workspace, p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	switch {
	case !by.IsSystem() || !known:
		return nil, domain.Hidden()
	case !target.State.Planned() && !target.State.Idle():
		return nil, nil
	}
	return []domain.Event{post.TargetUnknown{Account: c.Account, Detail: c.Detail, Author: target.Author, Owner: w.Owner}}, nil
}
