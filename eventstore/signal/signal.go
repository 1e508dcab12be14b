// Package signal lets those who wait for the log look at once, rather than from time to time.
package signal

import (
	"context"
	"sync"
	"time"
)

// Signal wakes those who wait for something to happen. It carries no data and
// may be lost: whoever waits also looks from time to time.
//
// A signal that crosses processes embeds a Local, sends in Notify, and calls the
// embedded Notify for whatever it receives.
type Signal interface {
	// Notify wakes everybody who waits now. It never blocks.
	Notify()
	// Wait returns at the next Notify, when ctx ends, or after atMost.
	Wait(ctx context.Context, atMost time.Duration)
	// Next returns a channel that the next Notify closes. Take it before
	// looking and wait on it afterwards: nothing slips in between.
	Next() <-chan struct{}
}

// Local is a Signal within one process. Any number may wait; any number of
// notifications that nobody waits for are one or none.
type Local struct {
	mutex sync.Mutex
	next  chan struct{}
}

// NewLocal makes a signal that reaches this process alone.
func NewLocal() *Local { return &Local{next: make(chan struct{})} }

// Notify implements Signal.
func (s *Local) Notify() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	close(s.next)
	s.next = make(chan struct{})
}

// Wait implements Signal.
func (s *Local) Wait(ctx context.Context, atMost time.Duration) { Await(ctx, s.Next(), atMost) }

// Next implements Signal.
func (s *Local) Next() <-chan struct{} {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.next
}

// Await returns when next is closed, when ctx ends, or after atMost. A nil next is never closed.
func Await(ctx context.Context, next <-chan struct{}, atMost time.Duration) {
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-next:
	case <-ctx.Done():
	case <-timer.C:
	}
}
