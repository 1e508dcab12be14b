package post

import "time"

// longestLife is what a claim without Begun has lasted at most.
const longestLife = 10 * time.Minute

// Ready is the moment before which the target is not sent.
func (t Target) Ready() time.Time {
	if t.NotBefore.After(t.Due) {
		return t.NotBefore
	}
	return t.Due
}

// Since is the moment before which nothing of the attempt was sent.
func (e TargetClaimed) Since() time.Time {
	if e.Begun.IsZero() {
		return e.Deadline.Add(-longestLife)
	}
	return e.Begun
}
