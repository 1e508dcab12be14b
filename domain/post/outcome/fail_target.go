package outcome

import (
	"behalf/domain"
	"behalf/domain/post"
)

// FailTarget ends an attempt that the network refused for good.
type FailTarget struct {
	AttemptRef
	Code   string // the network's own
	Detail string // plain words
	Rights bool   // what the connection may do is why, so that its holder is told too
}

// Decide answers nothing when the attempt has ended already.
func (c FailTarget) Decide(p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, running, err := c.Running(p, by)
	if err != nil || !running {
		return nil, err
	}
	failed := post.TargetFailed{Account: c.Account, Attempt: c.Attempt, Code: c.Code, Detail: c.Detail, Author: target.Author}
	if c.Rights {
		failed.Holder = target.Claim.Holder
	}
	return []domain.Event{failed}, nil
}
