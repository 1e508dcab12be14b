package ending

import (
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// DecideWithin is how long a person has to say what became of a post of which
// that is unknown, before they are reminded. Nothing is sent meanwhile, nor
// afterwards (R59).
const DecideWithin = 24 * time.Hour

// ReportUnresolved reminds those who can say what became of a post, once.
type ReportUnresolved struct {
	Post    domain.PostID
	Account domain.AccountID
}

// Decide answers nothing when it is known, and when they were reminded already.
func (c ReportUnresolved) Decide(ws domain.WorkspaceID, w workspace.Workspace, p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	if !by.IsSystem() || !known || p.Workspace != ws {
		return nil, domain.Hidden()
	}
	if target.State != post.Unknown || target.Unresolved || w.MustBeOpen() != nil {
		return nil, nil
	}
	return []domain.Event{post.TargetUnresolved{Account: c.Account, Author: target.Author, Owner: w.Owner}}, nil
}
