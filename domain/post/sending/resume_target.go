package sending

import (
	"behalf/domain"
	"behalf/domain/post"
)

// ResumeTarget lets a target go on whose connection was mended (R47).
type ResumeTarget struct {
	Post    domain.PostID
	Account domain.AccountID
}

// Decide schedules the target again while it is still due in the future; one
// that is past due waits for a person's PublishTargetNow. So does one that was
// edited meanwhile and has gates to pass (R54): whether its time had passed then
// was judged by another clock than this one's.
func (c ResumeTarget) Decide(p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	if !by.IsSystem() || !known {
		return nil, domain.Hidden()
	}
	if target.State != post.NeedsReauthentication || !by.Now.Before(target.Due) || len(target.Gates) > 0 {
		return nil, nil
	}
	return []domain.Event{post.TargetScheduled{Account: c.Account, At: target.Due}}, nil
}
