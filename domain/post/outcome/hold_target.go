package outcome

import (
	"behalf/domain"
	"behalf/domain/post"
)

// HoldTarget ends an attempt whose connection the network no longer accepts;
// the target waits for its holder to reauthenticate (R44, R45).
type HoldTarget struct {
	AttemptRef
	Code   string // the network's own
	Detail string // plain words
}

// Decide answers nothing when the attempt has ended already.
func (c HoldTarget) Decide(p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, running, err := c.Running(p, by)
	if err != nil || !running {
		return nil, err
	}
	claim := target.Claim
	return []domain.Event{post.TargetNeedsReauthentication{
		Account: c.Account, Attempt: c.Attempt, Mode: claim.Mode, Holder: claim.Holder, Connection: claim.Connection,
		Code: c.Code, Detail: c.Detail,
	}}, nil
}
