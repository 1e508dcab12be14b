// Package crew runs the services of one process, and stops them.
package crew

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Crew runs the services of one process. When the process ends, or one of them
// does, they are stopped in the reverse order in which they were started, each
// before the next: whoever is needed by others goes last.
type Crew struct {
	log     *slog.Logger
	drain   time.Duration // how long all of them together may finish what they have begun
	members []*member
	ended   chan error
}

type member struct {
	name string
	stop context.CancelFunc
	done chan struct{}
}

// New is a crew without services.
func New(log *slog.Logger, drain time.Duration) *Crew {
	return &Crew{log: log, drain: drain, ended: make(chan error, 1)}
}

// Start runs a service until its context ends. Its values come from ctx, its
// end does not: the crew decides when.
func (c *Crew) Start(ctx context.Context, name string, run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	one := &member{name: name, stop: cancel, done: make(chan struct{})}
	c.members = append(c.members, one)
	go func() {
		defer close(one.done)
		err := run(ctx)
		switch {
		case ctx.Err() == nil:
			if err == nil {
				err = errors.New("ended by itself")
			}
			select {
			case c.ended <- fmt.Errorf("%s: %w", name, err):
			default: // another one has ended the process already
			}
		case err != nil:
			c.log.WarnContext(ctx, "a service did not stop cleanly", "service", name, "error", err)
		}
	}()
}

// Wait returns once ctx has ended or a service has failed, and all services
// have stopped. The error is that of the service which failed, or says which
// one did not stop within the drain time.
func (c *Crew) Wait(ctx context.Context) error {
	var failure error
	select {
	case <-ctx.Done():
		c.log.InfoContext(ctx, "stopping")
	case failure = <-c.ended:
		c.log.ErrorContext(ctx, "a service failed", "error", failure)
	}
	return errors.Join(failure, c.Stop())
}

// Stop stops all services.
func (c *Crew) Stop() error {
	limit := time.NewTimer(c.drain)
	defer limit.Stop()
	members := c.members
	c.members = nil // stopped once, however that ends
	for i := len(members) - 1; i >= 0; i-- {
		one := members[i]
		one.stop()
		select {
		case <-one.done:
		case <-limit.C:
			for _, left := range members[:i] {
				left.stop()
			}
			return fmt.Errorf("%s did not stop within %s", one.name, c.drain)
		}
	}
	return nil
}
