// Package clock tells the database's time in a process whose own clock may be
// wrong. Everything that is due, late or past its deadline is judged by the one
// clock that all processes share; a worker's own clock only measures how long
// ago it heard the time.
//
// The true time is not known exactly: the database read its clock at some
// instant between the question and the answer. Earliest and Latest are the two
// ends of that, so that whoever must not be early asks Earliest, and whoever
// must not be late asks Latest.
package clock

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// fresh is how long a reading is trusted: quartz drifts by 0.1 ms in a
	// second at worst, and a machine that was suspended noticed nothing of it.
	fresh = 10 * time.Second
	// every is how often the time is asked for in the background.
	every = 2 * time.Second
	// timeout bounds one question.
	timeout = 5 * time.Second
)

// Ask reads the database's clock.
type Ask func(ctx context.Context) (time.Time, error)

// Clock is safe for concurrent use.
type Clock struct {
	own func() time.Time // the process's clock, with its monotonic reading
	ask Ask

	mutex sync.Mutex
	read  reading
}

// reading is what the database's clock showed, and when that was here.
type reading struct{ database, asked, answered time.Time }

func (r reading) width() time.Duration { return r.answered.Sub(r.asked) }

// New makes a clock that has not asked yet: until it has, it tells the
// process's own time.
func New(own func() time.Time, ask Ask) *Clock { return &Clock{own: own, ask: ask} }

// Sync makes sure that the reading is fresh. It fails when the database cannot
// be asked.
func (c *Clock) Sync(ctx context.Context) error {
	if c.isFresh() {
		return nil
	}
	return c.sync(ctx)
}

func (c *Clock) sync(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	asked := c.own()
	shown, err := c.ask(ctx)
	if err != nil {
		return fmt.Errorf("ask the database for the time: %w", err)
	}
	c.Observe(asked, shown, c.own())
	return nil
}

// Observe takes a reading that came along with something else: asked and
// answered are of Own.
func (c *Clock) Observe(asked, database, answered time.Time) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	now := reading{database, asked, answered}
	if c.stale(answered) || now.width() <= c.read.width() || answered.Sub(c.read.answered) > every {
		c.read = now
	}
}

func (c *Clock) isFresh() bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return !c.stale(c.own())
}

// stale looks at both clocks of the process: the monotonic one stands still
// while a machine is suspended, the wall clock can be set.
func (c *Clock) stale(now time.Time) bool {
	age, wall := now.Sub(c.read.answered), now.Round(0).Sub(c.read.answered.Round(0))
	return c.read.database.IsZero() || max(age, wall) > fresh || min(age, wall) < -fresh
}

// Own is the process's own time, for Observe.
func (c *Clock) Own() time.Time { return c.own() }

// Now is Earliest: what is decided at it is not decided too early.
func (c *Clock) Now() time.Time { return c.Earliest() }

// Earliest is a moment that has certainly come, in UTC.
func (c *Clock) Earliest() time.Time {
	read, now := c.last()
	if read.database.IsZero() {
		return now.UTC().Round(0)
	}
	return read.database.Add(now.Sub(read.answered)).UTC()
}

// Latest is a moment that has not passed yet, or only just, in UTC.
func (c *Clock) Latest() time.Time {
	read, now := c.last()
	if read.database.IsZero() {
		return now.UTC().Round(0)
	}
	return read.database.Add(now.Sub(read.asked)).UTC()
}

// Until is how much time is left before a moment, at least: for time-outs.
func (c *Clock) Until(moment time.Time) time.Duration { return moment.Sub(c.Latest()) }

// Here is when the process's own clock shows a moment of the database's, at the
// earliest: for networks.SendBefore.
func (c *Clock) Here(moment time.Time) time.Time {
	read, now := c.last()
	if read.database.IsZero() {
		return moment
	}
	return now.Add(moment.Sub(read.database.Add(now.Sub(read.asked))))
}

func (c *Clock) last() (reading, time.Time) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.read, c.own()
}

// Run keeps the reading fresh until ctx ends; then it returns nil. A database
// that is away is asked again: what needs a fresh reading meanwhile asks Sync,
// and fails.
func (c *Clock) Run(ctx context.Context) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		_ = c.sync(ctx) // see above
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
