package eventstore

import (
	"context"
	"sync"
	"time"
)

// Signal wakes those who wait for something to happen. It carries no data and
// may be lost: whoever waits also looks from time to time.
//
// A signal that crosses processes embeds a LocalSignal, sends in Notify, and
// calls the embedded Notify for whatever it receives.
type Signal interface {
	// Notify wakes everybody who waits now. It never blocks.
	Notify()
	// Wait returns at the next Notify, when ctx ends, or after atMost.
	Wait(ctx context.Context, atMost time.Duration)
	// Next returns a channel that the next Notify closes. Take it before
	// looking and wait on it afterwards: nothing slips in between.
	Next() <-chan struct{}
}

// Signals are the three things that a store tells and waits for.
type Signals struct {
	Appended   Signal // events were appended: wakes the high-water leader
	HighWater  Signal // the high-water mark moved: wakes readers
	Checkpoint Signal // a consumer group came further: wakes queries that wait for a position
}

// complete puts a LocalSignal where there is none.
func (s Signals) complete() Signals {
	for _, signal := range []*Signal{&s.Appended, &s.HighWater, &s.Checkpoint} {
		if *signal == nil {
			*signal = NewLocalSignal()
		}
	}
	return s
}

// LocalSignal is a Signal within one process. Any number may wait; any number
// of notifications that nobody waits for are one or none.
type LocalSignal struct {
	mutex sync.Mutex
	next  chan struct{}
}

// NewLocalSignal makes a signal that reaches this process alone.
func NewLocalSignal() *LocalSignal { return &LocalSignal{next: make(chan struct{})} }

// Notify implements Signal.
func (s *LocalSignal) Notify() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	close(s.next)
	s.next = make(chan struct{})
}

// Wait implements Signal.
func (s *LocalSignal) Wait(ctx context.Context, atMost time.Duration) { await(ctx, s.Next(), atMost) }

// Next implements Signal.
func (s *LocalSignal) Next() <-chan struct{} {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.next
}

// await returns when next is closed, when ctx ends, or after atMost.
func await(ctx context.Context, next <-chan struct{}, atMost time.Duration) {
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-next:
	case <-ctx.Done():
	case <-timer.C:
	}
}
