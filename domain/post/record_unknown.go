package post

import "behalf/domain"

// RecordUnknown ends an attempt of which nobody can find out whether it was
// published; a person decides (R59).
type RecordUnknown struct {
	AttemptRef
	Detail string // plain words
}

// Decide answers nothing when the attempt has ended already.
func (c RecordUnknown) Decide(p Post, by domain.Actor) ([]domain.Event, error) {
	_, running, err := c.running(p, by)
	if err != nil || !running {
		return nil, err
	}
	return []domain.Event{TargetUnknown{Account: c.Account, Attempt: c.Attempt, Detail: c.Detail}}, nil
}
