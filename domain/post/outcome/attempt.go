package outcome

import (
	"behalf/domain"
	"behalf/domain/post"
)

// AttemptRef names one attempt at one target, in the commands that report how it went.
type AttemptRef struct {
	Post    domain.PostID
	Account domain.AccountID
	Attempt domain.AttemptID
}

// Running returns the target while the attempt holds it, and false when it has
// ended: a late word about it changes nothing then.
func (r AttemptRef) Running(p post.Post, by domain.Actor) (post.Target, bool, error) {
	target, known := p.Targets[r.Account]
	if !by.IsSystem() || !known {
		return post.Target{}, false, domain.Hidden()
	}
	return target, target.State == post.Claimed && target.Attempt == r.Attempt, nil
}
