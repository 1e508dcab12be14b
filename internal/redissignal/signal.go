package redissignal

import (
	"context"
	"sync"
	"time"
)

// Signal wakes those who wait for something to happen, in this process and in
// all others on the bus. Any number may wait.
type Signal struct {
	name string
	bus  *Bus

	mutex sync.Mutex
	next  chan struct{}
}

// Notify wakes everybody who waits now. It never blocks.
func (s *Signal) Notify() {
	s.wake()
	s.bus.want(s.name)
}

// Wait returns at the next wake-up, when ctx ends, or after atMost.
func (s *Signal) Wait(ctx context.Context, atMost time.Duration) {
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-s.Next():
	case <-ctx.Done():
	case <-timer.C:
	}
}

// Next returns a channel that the next wake-up closes. Take it before looking
// and wait on it afterwards: nothing slips in between.
func (s *Signal) Next() <-chan struct{} {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.next
}

func (s *Signal) wake() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	close(s.next)
	s.next = make(chan struct{})
}
