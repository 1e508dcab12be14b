package ending

import (
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// FailDeletion notes that the network goes on showing a post that somebody
// deleted: it is published, as before.
type FailDeletion struct {
	Post       domain.PostID
	Account    domain.AccountID
	Code       string // the network's own
	Detail     string // plain words
	Mode       workspace.CredentialMode
	Holder     domain.UserID
	Connection domain.ConnectionID
}

// Decide answers nothing for a target that is not being deleted.
func (c FailDeletion) Decide(p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	if !by.IsSystem() || !known {
		return nil, domain.Hidden()
	}
	if target.State != post.Deleting {
		return nil, nil
	}
	return []domain.Event{post.TargetDeletionFailed{
		Account: c.Account, Code: c.Code, Detail: c.Detail, By: target.Holder, Mode: c.Mode, Holder: c.Holder, Connection: c.Connection,
	}}, nil
}
