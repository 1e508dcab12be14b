package judge

import (
	"sync"
	"time"

	"behalf/domain"
)

// absences remembers since when a network has shown nothing of an attempt. A
// machine that stood still, or was too busy, has a request under way that is late
// by as much: what was not shown right after that may still come, so an absence
// lasts for as long as the network asks for, seen at both ends.
type absences struct {
	mutex sync.Mutex
	first map[domain.AttemptID]time.Time
}

// rememberedAbsences are the most that are kept; beyond it they are all seen anew.
const rememberedAbsences = 10_000

// since notes an absence, and answers when the first one was seen.
func (a *absences) since(attempt domain.AttemptID, now time.Time) time.Time {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if seen, known := a.first[attempt]; known {
		return seen
	}
	if a.first == nil || len(a.first) >= rememberedAbsences {
		a.first = map[domain.AttemptID]time.Time{}
	}
	a.first[attempt] = now
	return now
}

// forget is for an attempt about which nobody asks any more.
func (a *absences) forget(attempt domain.AttemptID) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	delete(a.first, attempt)
}
