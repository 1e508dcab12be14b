package post

import "behalf/domain"

// ResumeTarget lets a target go on whose connection was mended (R47).
type ResumeTarget struct {
	Post    domain.PostID
	Account domain.AccountID
}

// Decide schedules the target again while it is still due in the future; one
// that is past due waits for a person's PublishTargetNow.
func (c ResumeTarget) Decide(p Post, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	if !by.IsSystem() || !known {
		return nil, domain.Hidden()
	}
	if target.State != NeedsReauthentication || !by.Now.Before(target.Due) {
		return nil, nil
	}
	return []domain.Event{TargetScheduled{Account: c.Account, At: target.Due}}, nil
}
