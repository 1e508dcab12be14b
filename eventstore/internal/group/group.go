// Package group lets callers that arrive together share one call.
package group

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"
)

// What Do can end with besides the answer.
var (
	// ErrNotRun says that the job was never begun.
	ErrNotRun = errors.New("not begun")
	// ErrUnknown says that the job was begun, and that its caller stopped
	// waiting before it had ended.
	ErrUnknown = errors.New("begun, and not waited for")
	// ErrClosed says that the group takes no more jobs. It matches ErrNotRun.
	ErrClosed = closedError{}
)

type closedError struct{}

func (closedError) Error() string        { return "closed" }
func (closedError) Is(target error) bool { return target == ErrNotRun }

// Use is something that a job touches. Jobs that touch the same thing, one of
// them writing it, neither share a call nor are under way at the same time,
// and they keep the order in which they came.
type Use[K comparable] struct {
	Key    K
	Writes bool
}

// Config says what a group does; every field counts.
type Config[J, R any] struct {
	// Run does jobs that do not collide, and answers one result for each. Its
	// context is the group's, never a caller's.
	Run func(ctx context.Context, jobs []J) []R
	// Calls is how many calls of Run are under way at most, from 1.
	Calls int
	// Second is what jobs have to cost together for a call to begin beside
	// another one.
	Second int
	// Patience is how long a call may take before it counts as stuck, and others
	// begin as if it were not there.
	Patience time.Duration
	// Stuck is how many calls may be stuck before no other one begins, from 1.
	Stuck int
	// Moment is how long a call waits for callers who have just been answered
	// together and may ask again. Nobody waits for others to come.
	Moment time.Duration
	// Cost is what the jobs of one call may cost together; a job that costs
	// more has a call of its own.
	Cost int
	// Timeout bounds a call of Run.
	Timeout time.Duration
	// Grace is how long a caller whose context has ended still waits for a job
	// that is under way, to learn what became of it.
	Grace time.Duration
}

// Group collects jobs and runs them. It has goroutines only while there is
// something to do: each call takes what has gathered while the ones before it
// were under way. Nobody lingers for more to come.
type Group[K comparable, J, R any] struct {
	config Config[J, R]
	ctx    context.Context // of the calls; ends when Close loses patience
	cancel context.CancelFunc

	mutex   sync.Mutex
	queue   []*waiter[K, J, R]
	held    map[K]hold // by calls under way
	passed  map[K]hold // by jobs that a batch under construction has passed over
	running int        // workers
	stuck   int        // workers in calls that take too long
	begun   int        // jobs that are under way
	costing int        // what they cost together
	waiting int        // what the jobs in the queue cost together
	closed  bool
	idle    chan struct{} // closed when the last call has ended; nil while nobody waits for that
}

// waiter is a job and the caller who waits for it.
type waiter[K comparable, J, R any] struct {
	job    J
	uses   []Use[K]
	cost   int
	queued bool
	result R
	done   chan struct{}
}

// New makes a group.
func New[K comparable, J, R any](config Config[J, R]) *Group[K, J, R] {
	g := &Group[K, J, R]{config: config, held: map[K]hold{}, passed: map[K]hold{}}
	g.ctx, g.cancel = context.WithCancel(context.Background()) //nolint:gosec // G118: Close calls it
	return g
}

// Do has a job run, together with others, and returns its result. When ctx
// ends first, the error matches ctx's and either ErrNotRun or ErrUnknown.
func (g *Group[K, J, R]) Do(ctx context.Context, job J, cost int, uses []Use[K]) (R, error) {
	var none R
	if err := ctx.Err(); err != nil {
		return none, errors.Join(ErrNotRun, err)
	}
	w := &waiter[K, J, R]{job: job, uses: uses, cost: cost, queued: true, done: make(chan struct{})}
	g.mutex.Lock()
	if g.closed {
		g.mutex.Unlock()
		return none, ErrClosed
	}
	g.queue = append(g.queue, w)
	g.waiting += cost
	g.hire()
	g.mutex.Unlock()
	select {
	case <-w.done:
		return w.result, nil
	case <-ctx.Done():
		return g.leave(ctx, w)
	}
}

// Jobs counts those that wait and those that are under way.
func (g *Group[K, J, R]) Jobs() (waiting, underWay int) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return len(g.queue), g.begun
}

// leave is for a caller whose context has ended.
func (g *Group[K, J, R]) leave(ctx context.Context, w *waiter[K, J, R]) (R, error) {
	var none R
	g.mutex.Lock()
	if w.queued {
		g.waiting -= w.cost
		g.queue = slices.DeleteFunc(g.queue, func(other *waiter[K, J, R]) bool { return other == w })
		g.mutex.Unlock()
		return none, errors.Join(ErrNotRun, ctx.Err())
	}
	g.mutex.Unlock()
	timer := time.NewTimer(g.config.Grace)
	defer timer.Stop()
	select {
	case <-w.done:
		return w.result, nil
	case <-timer.C:
		return none, errors.Join(ErrUnknown, ctx.Err())
	}
}

// hire starts another worker if there is something to do, and that is worth
// while: a second call under way has to be as large as the first, and not
// small, for a call costs more than the jobs in it, and who waits for the first
// one to end is part of a larger one. A call that is stuck does not count: it
// must not hold up those that have nothing to do with it. The mutex is held.
func (g *Group[K, J, R]) hire() {
	active := g.running - g.stuck
	if len(g.queue) == 0 || active > 0 && (active >= g.config.Calls || g.waiting < max(g.costing, g.config.Second)) {
		return
	}
	if g.stuck < g.config.Stuck {
		g.running++
		go g.work()
	}
}

// work runs batches until nothing is left that could be begun now. Whoever
// ends a call goes on with what had to wait for it.
func (g *Group[K, J, R]) work() {
	for expected := 0; ; {
		g.gather(expected)
		g.mutex.Lock()
		batch := g.take()
		if len(batch) == 0 {
			if g.running--; g.running == 0 && g.idle != nil {
				close(g.idle)
				g.idle = nil
			}
			g.mutex.Unlock()
			return
		}
		g.begun += len(batch)
		g.hire()
		g.mutex.Unlock()
		expected = g.run(batch)
	}
}

// gather lets others run for as long as that brings more jobs. When callers
// have just been answered they get a moment more: most are about to ask again,
// and a call of its own for each half of them costs more than the moment.
func (g *Group[K, J, R]) gather(expected int) {
	seen, grown := 0, time.Now()
	for {
		g.mutex.Lock()
		waiting := len(g.queue)
		g.mutex.Unlock()
		switch {
		case waiting > seen:
			seen, grown = waiting, time.Now()
		case waiting >= expected || time.Since(grown) > g.config.Moment:
			return
		}
		runtime.Gosched()
	}
}

// run does a batch, and returns how many jobs there are to expect next.
func (g *Group[K, J, R]) run(batch []*waiter[K, J, R]) (expected int) {
	jobs := make([]J, len(batch))
	for i, w := range batch {
		jobs[i] = w.job
	}
	stuck := false
	alarm := time.AfterFunc(g.config.Patience, func() {
		g.mutex.Lock()
		defer g.mutex.Unlock()
		if jobs != nil {
			stuck = true
			g.stuck++
			g.hire()
		}
	})
	ctx, cancel := context.WithTimeout(g.ctx, g.config.Timeout)
	results := g.config.Run(ctx, jobs)
	cancel()
	alarm.Stop()

	g.mutex.Lock()
	for _, w := range batch {
		g.release(w.uses)
		g.costing -= w.cost
	}
	g.begun -= len(batch)
	jobs = nil // the alarm comes too late
	if stuck {
		g.stuck--
	}
	expected = len(g.queue)
	g.mutex.Unlock()
	for i, w := range batch {
		w.result = results[i]
		close(w.done)
	}
	if len(batch) > 1 {
		expected += len(batch)
	}
	return expected
}

// Close takes no more jobs and returns when those that it has taken are done.
// When ctx ends first it interrupts them, and returns ctx's error.
func (g *Group[K, J, R]) Close(ctx context.Context) error {
	g.mutex.Lock()
	g.closed = true
	if g.running > 0 && g.idle == nil {
		g.idle = make(chan struct{})
	}
	idle := g.idle
	g.mutex.Unlock()
	defer g.cancel()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		g.cancel()
		<-idle
		return ctx.Err()
	}
}
