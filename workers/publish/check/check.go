// Package check asks the log, right before a call that cannot be undone, whether
// anything has moved since (R42, R64) and what time it is.
package check

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/internal/clock"
)

// mostChecked is how many attempts share one question.
const mostChecked = 1_000

// checkTime bounds one question.
const checkTime = 5 * time.Second

// Checks asks for many: what becomes due in the same moment shares a round trip.
// Nobody waits for others to come; who comes while a question is under way shares
// the next one.
type Checks struct {
	look  func() (stops func(eventstore.Seen) bool)
	see   func(ctx context.Context, streams []domain.Stream) (eventstore.Seen, error)
	clock *clock.Clock
	mutex sync.Mutex
	queue []*check
	busy  bool
}

// Answer is what was true in one moment.
type Answer struct {
	Moved bool      // a stream did
	Held  bool      // nothing is published by now (R69)
	At    time.Time // by the database's clock, when that was read
}

// check is one attempt's question.
type check struct {
	since  eventstore.Loaded
	answer Answer
	err    error
	done   chan struct{}
}

// New makes checks. See reads the log; look is called before that, and answers what
// says whether nothing is to be sent by what was read (R69). The clock learns from
// each answer.
func New(see func(context.Context, []domain.Stream) (eventstore.Seen, error), look func() (stops func(eventstore.Seen) bool), c *clock.Clock) *Checks {
	return &Checks{see: see, look: look, clock: c}
}

// Ask tells how things are since the streams were loaded.
func (c *Checks) Ask(ctx context.Context, since eventstore.Loaded) (Answer, error) {
	began := c.clock.Own()
	asked := &check{since: since, done: make(chan struct{})}
	c.mutex.Lock()
	c.queue = append(c.queue, asked)
	if !c.busy {
		c.busy = true
		go c.run() // the question is everybody's, and bounded by checkTime
	}
	c.mutex.Unlock()
	select {
	case <-asked.done:
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
	if asked.err == nil {
		c.clock.Observe(began, asked.answer.At, c.clock.Own())
	}
	return asked.answer, asked.err
}

func (c *Checks) run() {
	for {
		c.mutex.Lock()
		batch := c.queue[:min(len(c.queue), mostChecked)]
		c.queue = c.queue[len(batch):]
		if len(batch) == 0 {
			c.busy = false
			c.mutex.Unlock()
			return
		}
		c.mutex.Unlock()
		c.answer(batch)
	}
}

func (c *Checks) answer(batch []*check) {
	ctx, cancel := context.WithTimeout(context.Background(), checkTime)
	defer cancel()
	streams := map[domain.Stream]struct{}{}
	for _, asked := range batch {
		for stream := range asked.since.Versions {
			streams[stream] = struct{}{}
		}
	}
	stops := c.look()
	found, err := c.see(ctx, slices.Collect(maps.Keys(streams)))
	held := err == nil && stops(found)
	for _, asked := range batch {
		asked.answer, asked.err = Answer{Moved: found.Moved(asked.since), Held: held, At: found.At}, err
		close(asked.done)
	}
}
