package ending

import (
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// RecordDeleted notes that the network has removed a post that somebody
// deleted, and through whose connection (R43).
type RecordDeleted struct {
	Post       domain.PostID
	Account    domain.AccountID
	Mode       workspace.CredentialMode
	Holder     domain.UserID
	Connection domain.ConnectionID
}

// Decide answers nothing for a target that is not being deleted.
func (c RecordDeleted) Decide(p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	if !by.IsSystem() || !known {
		return nil, domain.Hidden()
	}
	if target.State != post.Deleting {
		return nil, nil
	}
	events := []domain.Event{post.TargetDeleted{Account: c.Account, Mode: c.Mode, Holder: c.Holder, Connection: c.Connection}}
	if len(p.Targets) == 1 {
		events = append(events, post.Deletion{By: target.Holder, Accounts: []domain.AccountID{}, Whole: true})
	}
	return events, nil
}
