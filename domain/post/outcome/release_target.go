package outcome

import (
	"time"

	"behalf/domain"
	"behalf/domain/post"
)

// ReleaseTarget ends an attempt of which it is certain that nothing was sent,
// or that the network does not show it; the target is tried again (R45, R59).
type ReleaseTarget struct {
	AttemptRef
	Code      string    // the network's own, or ours: "moved", "deadline_passed", "absent"
	Detail    string    // plain words
	NotBefore time.Time // of the next attempt
}

// Decide answers nothing when the attempt has ended already.
func (c ReleaseTarget) Decide(p post.Post, by domain.Actor) ([]domain.Event, error) {
	_, running, err := c.Running(p, by)
	if err != nil || !running {
		return nil, err
	}
	return []domain.Event{post.TargetReleased{
		Account: c.Account, Attempt: c.Attempt, Code: c.Code, Detail: c.Detail, NotBefore: c.NotBefore.UTC(),
	}}, nil
}
