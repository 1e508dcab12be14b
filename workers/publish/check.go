package publish

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"behalf/domain"
	"behalf/eventstore"
)

// mostChecked is how many attempts share one question.
const mostChecked = 1_000

// checkTime bounds one question.
const checkTime = 5 * time.Second

// checks asks right before sending whether anything has moved: what becomes due
// in the same moment shares a round trip. Nobody waits for others to come; who
// comes while a question is under way shares the next one.
type checks struct {
	stops func(eventstore.Seen) bool // whether nothing is to be sent by now (R69)
	see   func(ctx context.Context, streams []domain.Stream) (eventstore.Seen, error)
	mutex sync.Mutex
	queue []*check
	busy  bool
}

// seen is the answer to a check.
type seen struct {
	moved bool      // a stream did
	held  bool      // nothing is published by now (R69)
	at    time.Time // by the database's clock, when that was read
	err   error
}

// check is one attempt's question.
type check struct {
	since eventstore.Loaded
	seen
	done chan struct{}
}

// ask reports whether any of the streams has moved.
func (c *checks) ask(ctx context.Context, since eventstore.Loaded) seen {
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
		return asked.seen
	case <-ctx.Done():
		return seen{err: ctx.Err()}
	}
}

func (c *checks) run() {
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

func (c *checks) answer(batch []*check) {
	ctx, cancel := context.WithTimeout(context.Background(), checkTime)
	defer cancel()
	streams := map[domain.Stream]struct{}{}
	for _, asked := range batch {
		for stream := range asked.since.Versions {
			streams[stream] = struct{}{}
		}
	}
	found, err := c.see(ctx, slices.Collect(maps.Keys(streams)))
	held := err == nil && c.stops(found)
	for _, asked := range batch {
		asked.seen = seen{moved: found.Moved(asked.since), held: held, at: found.At, err: err}
		close(asked.done)
	}
}
