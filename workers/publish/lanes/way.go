package lanes

import (
	"sync/atomic"
	"time"
)

// Way lets recording give way to sending: what is due in the same moment as
// many others is not late for their records. It is a courtesy of half a second;
// who dies meanwhile is reconciled like everybody else.
type Way struct{ pressing atomic.Int64 } // their moment has come, and they are not sent

const (
	pressed  = 64                     // so many are no reason to wait
	givesWay = 500 * time.Millisecond // at most, and well below what a claim lives after the answer
	looksUp  = 10 * time.Millisecond
)

// Pressing counts somebody whose moment has come, until done.
func (w *Way) Pressing() (done func()) {
	w.pressing.Add(1)
	return func() { w.pressing.Add(-1) }
}

// Give waits while many are pressing, for a part of the life of a claim at most.
func (w *Way) Give(life time.Duration) {
	for end := time.Now().Add(min(givesWay, life/10)); w.pressing.Load() > pressed && time.Now().Before(end); {
		time.Sleep(looksUp)
	}
}
