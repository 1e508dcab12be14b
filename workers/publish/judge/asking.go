package judge

import (
	"sync"
	"time"
)

// How long after an attempt's deadline the network is asked about it: for a day, by
// a worker that has been asking for an hour, because nobody may have been there to
// ask; for a week in any case, because workers may live for less than an hour.
const (
	askFor     = 24 * time.Hour
	askAtLeast = time.Hour
	askAtMost  = 7 * 24 * time.Hour
	askingEnds = 30 * time.Minute // without a question, which comes every few seconds or minutes while there is one
)

// asking is since when a worker has been asking networks what became of attempts.
type asking struct {
	mutex       sync.Mutex
	since, last time.Time
}

// at notes a question.
func (a *asking) at(now time.Time) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if now.Sub(a.last) > askingEnds {
		a.since = now
	}
	a.last = now
}

// enough reports whether nobody needs to ask again about an attempt that ended at deadline.
func (a *asking) enough(now, deadline time.Time) bool {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	late := now.Sub(deadline)
	return late > askAtMost || late > askFor && now.Sub(a.since) > askAtLeast
}
