package post

import "behalf/domain"

// FailTarget ends an attempt that the network refused for good.
type FailTarget struct {
	AttemptRef
	Code   string // the network's own
	Detail string // plain words
}

// Decide answers nothing when the attempt has ended already.
func (c FailTarget) Decide(p Post, by domain.Actor) ([]domain.Event, error) {
	_, running, err := c.running(p, by)
	if err != nil || !running {
		return nil, err
	}
	return []domain.Event{TargetFailed{Account: c.Account, Attempt: c.Attempt, Code: c.Code, Detail: c.Detail}}, nil
}
