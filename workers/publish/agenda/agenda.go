// Package agenda keeps what has to be done at an exact moment, in the memory of
// one process. It is a convenience, not a record: what is lost with the process
// is found again in Postgres.
package agenda

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

const (
	// longestSleep bounds how late the agenda notices that a clock was set or the
	// machine suspended.
	longestSleep = time.Second
	// emptySleep is how long it sleeps while it has nothing to be late with.
	emptySleep = time.Hour
)

// Agenda runs entries at their moments, each in a goroutine of its own, a
// bounded number at once. K tells entries apart and is what the run gets.
type Agenda[K comparable] struct {
	run   func(context.Context, K)
	now   func() time.Time
	slots chan struct{}
	woken chan struct{}

	mutex sync.Mutex
	queue entries[K]
	armed map[K]bool
}

// New makes an agenda that runs at most atOnce entries at a time.
func New[K comparable](atOnce int, now func() time.Time, run func(context.Context, K)) *Agenda[K] {
	return &Agenda[K]{
		run: run, now: now,
		slots: make(chan struct{}, max(atOnce, 1)),
		woken: make(chan struct{}, 1),
		armed: map[K]bool{},
	}
}

// Arm has the key run at the moment, or at once when that has passed. A key
// that waits already stays as it is; one that is running can be armed again.
func (a *Agenda[K]) Arm(key K, at time.Time) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.armed[key] {
		return
	}
	a.armed[key] = true
	heap.Push(&a.queue, entry[K]{at: at, key: key})
	select {
	case a.woken <- struct{}{}:
	default:
	}
}

// Len is how many entries wait.
func (a *Agenda[K]) Len() int {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return len(a.queue)
}

// Run works until ctx ends, then starts nothing more and waits for what runs.
// The runs get work, not ctx: whoever stops decides how long they may go on.
func (a *Agenda[K]) Run(ctx, work context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	timer := time.NewTimer(longestSleep)
	defer timer.Stop()
	for {
		if !a.acquire(ctx) {
			return
		}
		key, wait, ready := a.next()
		if ready {
			running.Go(func() {
				defer func() { <-a.slots }()
				a.run(work, key)
			})
			continue
		}
		<-a.slots
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return
		case <-a.woken:
		case <-timer.C:
		}
	}
}

// Drain takes out everything that still waits.
func (a *Agenda[K]) Drain() []K {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	left := make([]K, 0, len(a.queue))
	for _, entry := range a.queue {
		left = append(left, entry.key)
	}
	a.queue, a.armed = nil, map[K]bool{}
	return left
}

func (a *Agenda[K]) acquire(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	select {
	case a.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// next takes the head out when its moment has come, and otherwise says how
// long to sleep.
func (a *Agenda[K]) next() (key K, wait time.Duration, ready bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if len(a.queue) == 0 {
		return key, emptySleep, false
	}
	if wait = a.queue[0].at.Sub(a.now()); wait > 0 {
		return key, min(wait, longestSleep), false
	}
	head, _ := heap.Pop(&a.queue).(entry[K])
	delete(a.armed, head.key)
	return head.key, 0, true
}

type entry[K comparable] struct {
	at  time.Time
	key K
}

// entries is a heap by moment.
type entries[K comparable] []entry[K]

func (e entries[K]) Len() int           { return len(e) }
func (e entries[K]) Less(i, j int) bool { return e[i].at.Before(e[j].at) }
func (e entries[K]) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }

// Push implements heap.Interface.
func (e *entries[K]) Push(x any) {
	if added, ok := x.(entry[K]); ok {
		*e = append(*e, added)
	}
}

// Pop implements heap.Interface.
func (e *entries[K]) Pop() any {
	last := len(*e) - 1
	taken := (*e)[last]
	*e = (*e)[:last]
	return taken
}
