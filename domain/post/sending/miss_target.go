package sending

import (
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// MissTarget ends a target that was not approved by its time, could not be sent
// within its grace, or was not posted by hand in time (R56).
type MissTarget struct {
	Post    domain.PostID
	Account domain.AccountID
}

// Decide answers nothing while there is still time, or the target is not waiting.
func (c MissTarget) Decide(ws domain.WorkspaceID, w workspace.Workspace, p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	if !by.IsSystem() || !known || p.Workspace != ws {
		return nil, domain.Hidden()
	}
	switch {
	case target.State == post.Waiting && !by.Now.Before(target.Due):
		return []domain.Event{post.TargetMissed{Account: c.Account, Author: target.Author, Code: "not_approved", Detail: "It was not approved by its time."}}, nil
	case target.State == post.Due && by.Now.After(target.Due.Add(w.EffectiveGrace())):
		return []domain.Event{missed(target, w)}, nil
	case target.State == post.HandedOver && by.Now.After(target.Deadline):
		return []domain.Event{post.TargetMissed{Account: c.Account, Author: target.Author, Code: "not_confirmed", Detail: "Nobody confirmed in time that it was posted by hand."}}, nil
	default:
		return nil, nil
	}
}
