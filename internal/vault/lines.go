package vault

import (
	"context"
	"sync"

	"behalf/domain"
	"behalf/internal/slots"
)

// lines lets the callers of one process that want to refresh the same
// connection wait here, one line per connection, rather than each holding a
// database connection that waits for the row's lock. And it leaves half of the
// pool to everybody else, however slow the networks are, and of the other half no
// more than half to one network: one that hangs holds up its own.
type lines struct {
	mutex *sync.Mutex
	open  map[domain.ConnectionID]*line
	desks *slots.Slots[string] // one per database connection that refreshing may hold; networks take turns
}

type line struct {
	turn   chan struct{}
	people int
}

func newLines(databaseConnections int32) lines {
	desks := int(databaseConnections) / 2
	return lines{
		mutex: &sync.Mutex{},
		open:  map[domain.ConnectionID]*line{},
		desks: slots.New[string](desks, desks/2), // at least one each
	}
}

// enter waits for the caller's turn and for a free desk. The caller leaves when done.
func (l lines) enter(ctx context.Context, id domain.ConnectionID, network string) (leave func(), err error) {
	joined := l.join(id)
	if err := acquire(ctx, joined.turn); err != nil {
		l.quit(id, joined)
		return nil, err
	}
	if err := l.desks.Acquire(ctx, network); err != nil {
		<-joined.turn
		l.quit(id, joined)
		return nil, err
	}
	return func() {
		l.desks.Release(network)
		<-joined.turn
		l.quit(id, joined)
	}, nil
}

func acquire(ctx context.Context, turn chan struct{}) error {
	select {
	case turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l lines) join(id domain.ConnectionID) *line {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	joined := l.open[id]
	if joined == nil {
		joined = &line{turn: make(chan struct{}, 1)}
		l.open[id] = joined
	}
	joined.people++
	return joined
}

func (l lines) quit(id domain.ConnectionID, joined *line) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if joined.people--; joined.people == 0 {
		delete(l.open, id)
	}
}
