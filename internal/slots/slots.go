// Package slots gives a limited number of permits, in turn to everybody who
// waits: who asks for ten thousand does not hold up who asks for one.
package slots

import (
	"context"
	"slices"
	"sync"
)

// Slots are a number of permits. Those who wait belong to groups, which are
// served in turn; within a group who came first is first. Safe for concurrent use.
type Slots[G comparable] struct {
	mutex   sync.Mutex
	free    int
	each    int       // permits that one group may hold
	held    map[G]int // permits, by those who have some
	waiting map[G][]*waiter
	turn    []G // the groups that wait, the next one first
}

// waiter is whoever waits for a permit.
type waiter struct {
	grant   func() // is called with the lock held
	dropped func() // nil for who waits by itself
}

// New makes so many permits, at least one. One group gets no more than each of
// them, at least one: where permits are kept for long, turns alone would have
// everybody else wait for the first who took all.
func New[G comparable](permits, each int) *Slots[G] {
	return &Slots[G]{free: max(permits, 1), each: max(each, 1), held: map[G]int{}, waiting: map[G][]*waiter{}}
}

// Acquire waits for a permit; whoever gets one gives it back with Release. It
// fails with ctx's error when that ends first.
func (s *Slots[G]) Acquire(ctx context.Context, group G) error {
	granted := make(chan struct{})
	w := &waiter{grant: func() { close(granted) }}
	s.enter(group, w)
	select {
	case <-granted:
		return nil
	case <-ctx.Done():
		if !s.leave(group, w) {
			s.Release(group) // it was granted meanwhile
		}
		return ctx.Err()
	}
}

// When has work run in a goroutine of its own once there is a permit, which is
// given back when it ends. Waiting takes memory, and no goroutine. What is
// dropped instead is called by Drop.
func (s *Slots[G]) When(group G, work, dropped func()) {
	s.enter(group, &waiter{dropped: dropped, grant: func() {
		go func() {
			defer s.Release(group)
			work()
		}()
	}})
}

// Drop ends the waiting of all that When was called for.
func (s *Slots[G]) Drop() {
	s.mutex.Lock()
	var dropped []func()
	for group, waiting := range s.waiting {
		s.waiting[group] = slices.DeleteFunc(waiting, func(w *waiter) bool {
			if w.dropped != nil {
				dropped = append(dropped, w.dropped)
			}
			return w.dropped != nil
		})
		s.forget(group)
	}
	s.mutex.Unlock()
	for _, call := range dropped {
		call()
	}
}

func (s *Slots[G]) enter(group G, w *waiter) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.free > 0 && s.held[group] < s.each {
		s.take(group)
		w.grant()
		return
	}
	if len(s.waiting[group]) == 0 {
		s.turn = append(s.turn, group)
	}
	s.waiting[group] = append(s.waiting[group], w)
}

// leave answers false when the permit was granted already.
func (s *Slots[G]) leave(group G, w *waiter) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	at := slices.Index(s.waiting[group], w)
	if at < 0 {
		return false
	}
	s.waiting[group] = slices.Delete(s.waiting[group], at, at+1)
	s.forget(group)
	return true
}

// forget takes a group that nobody waits in out of the turn.
func (s *Slots[G]) forget(group G) {
	if len(s.waiting[group]) == 0 {
		delete(s.waiting, group)
		s.turn = slices.DeleteFunc(s.turn, func(g G) bool { return g == group })
	}
}

// Release gives back a permit that the group held; the next group's first gets it.
func (s *Slots[G]) Release(group G) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.free++
	if s.held[group]--; s.held[group] <= 0 {
		delete(s.held, group)
	}
	s.serve()
}

// serve gives what is free to the next group that may have it.
func (s *Slots[G]) serve() {
	at := slices.IndexFunc(s.turn, func(g G) bool { return s.held[g] < s.each })
	if at < 0 || s.free == 0 {
		return
	}
	group := s.turn[at]
	s.turn = slices.Delete(s.turn, at, at+1)
	first := s.waiting[group][0]
	if s.waiting[group] = s.waiting[group][1:]; len(s.waiting[group]) == 0 {
		delete(s.waiting, group)
	} else {
		s.turn = append(s.turn, group)
	}
	s.take(group)
	first.grant()
}

func (s *Slots[G]) take(group G) {
	s.free--
	s.held[group]++
}
