package post

import "behalf/domain"

// MissTarget ends a target that was not approved by its time, or could not be
// sent within its grace (R56).
type MissTarget struct {
	Post    domain.PostID
	Account domain.AccountID
}

// Decide answers nothing while there is still time, or the target is not waiting.
func (c MissTarget) Decide(p Post, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	if !by.IsSystem() || !known {
		return nil, domain.Hidden()
	}
	switch {
	case target.State == Waiting && !by.Now.Before(target.Due):
		return []domain.Event{TargetMissed{Account: c.Account, Code: "not_approved", Detail: "It was not approved by its time."}}, nil
	case target.State == Due && by.Now.After(target.Due.Add(Grace)):
		return []domain.Event{missed(c.Account)}, nil
	default:
		return nil, nil
	}
}
