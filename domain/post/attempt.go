package post

import "behalf/domain"

// AttemptRef names one attempt at one target, in the commands that report how it went.
type AttemptRef struct {
	Post    domain.PostID
	Account domain.AccountID
	Attempt domain.AttemptID
}

// running returns the target while the attempt holds it, and false when it has
// ended: a late word about it changes nothing then.
func (r AttemptRef) running(p Post, by domain.Actor) (Target, bool, error) {
	target, known := p.Targets[r.Account]
	if !by.IsSystem() || !known {
		return Target{}, false, domain.Hidden()
	}
	return target, target.State == Claimed && target.Attempt == r.Attempt, nil
}
