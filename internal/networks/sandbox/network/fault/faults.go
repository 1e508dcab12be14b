// Package fault makes calls of the sandbox network fail on demand.
package fault

import (
	"errors"
	"slices"
	"sync"

	"behalf/internal/networks/sandbox/network/control"
)

// Faults are the armed faults, in the order in which they were armed. Safe for
// concurrent use.
type Faults struct {
	mu      sync.Mutex
	armed   []control.Fault
	cleared chan struct{} // closed and replaced when all are cleared

	closing chan struct{}
	close   sync.Once
}

// New has no fault armed.
func New() *Faults { return &Faults{cleared: make(chan struct{}), closing: make(chan struct{})} }

// Close releases the calls that hang, for good.
func (f *Faults) Close() { f.close.Do(func() { close(f.closing) }) }

// Closing is closed by Close.
func (f *Faults) Closing() <-chan struct{} { return f.closing }

var (
	onAPI   = []control.Kind{control.Unauthorized, control.Forbidden}
	onToken = []control.Kind{control.InvalidGrant}
	onAny   = []control.Kind{
		control.RateLimited, control.FailBefore, control.FailAfter, control.HangBefore, control.HangAfter,
		control.ResetBefore, control.ResetAfter, control.Slow,
	}
	own = map[control.Call][]control.Kind{
		control.Publish: onAPI, control.Read: onAPI, control.Upload: onAPI, control.Drafting: onAPI,
		control.Refresh: onToken, control.Exchange: onToken,
	}
)

// Arm adds a fault, or refuses a kind that its call does not know.
func (f *Faults) Arm(fault control.Fault) error {
	kinds, known := own[fault.Call]
	if !known || !slices.Contains(kinds, fault.Kind) && !slices.Contains(onAny, fault.Kind) {
		return errors.New("this kind of fault does not strike that call")
	}
	if fault.Times < 0 || fault.DelayMS < 0 || fault.RetryAfter < 0 {
		return errors.New("times, delay and wait must not be negative")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = append(f.armed, fault)
	return nil
}

// List returns what is armed.
func (f *Faults) List() []control.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]control.Fault{}, f.armed...)
}

// Clear disarms everything and ends the calls that hang.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = nil
	close(f.cleared)
	f.cleared = make(chan struct{})
}

// take uses up one strike of the first fault that fits; cleared is closed when
// the faults are.
func (f *Faults) take(call control.Call, page string) (fault control.Fault, cleared <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.armed, func(a control.Fault) bool {
		return a.Call == call && (a.Page == "" || a.Page == page)
	})
	if i < 0 {
		return control.Fault{}, f.cleared
	}
	fault = f.armed[i]
	switch fault.Times {
	case 0: // until cleared
	case 1:
		f.armed = slices.Delete(f.armed, i, i+1)
	default:
		f.armed[i].Times--
	}
	return fault, f.cleared
}
