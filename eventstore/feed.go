package eventstore

import (
	"context"
	"sync"
	"time"

	wsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
)

// feed stands between watermill's subscriber and the handlers. On its own,
// watermill delivers a nacked event again within the same transaction, and
// commits what a handler has written so far when its time is up or when the
// subscriber closes. So the feed answers to watermill in the handlers' place:
// whatever they say, the batch goes on to its end, and there its transaction
// (batchTx) either keeps exactly what was handled, or nothing.
type feed struct {
	store        *Store
	subscription subscription
	inner        *wsql.Subscriber
	done         <-chan struct{} // the subscription's context has ended
	closing      chan struct{}   // hand out nothing more
	forwarded    chan struct{}   // the forwarding goroutine has ended
	once         sync.Once
	mutex        sync.Mutex
	batch        *batchTx        // the newest one
	next         <-chan struct{} // what wakes the next query; watermill's goroutine alone uses it
}

func newFeed(ctx context.Context, store *Store, subscription subscription) *feed {
	return &feed{
		store:        store,
		subscription: subscription,
		done:         ctx.Done(),
		closing:      make(chan struct{}),
		forwarded:    make(chan struct{}),
	}
}

type carriedKey struct{}

// carried is what EventOf finds in a message's context.
type carried struct {
	registry *Registry
	row      row
}

func (f *feed) start(events <-chan *message.Message) <-chan *message.Message {
	out := make(chan *message.Message)
	go func() {
		defer close(f.forwarded)
		defer close(out)
		for event := range events {
			f.forward(event, out)
		}
	}()
	return out
}

// forward hands one event to its handler and waits for the verdict. It always
// acks towards watermill.
func (f *feed) forward(event *message.Message, out chan<- *message.Message) {
	defer event.Ack()
	tx, ok := batchOf(event)
	if !ok || !tx.begin() {
		return // what comes behind a failed event waits for the next batch
	}
	defer tx.end()
	row := tx.rows[event.UUID]
	msg := event.Copy()
	msg.SetContext(context.WithValue(event.Context(), carriedKey{}, &carried{registry: f.store.registry, row: row}))

	select {
	case <-f.closing: // even when a handler is ready to receive
		tx.stop()
		return
	default:
	}
	select {
	case out <- msg:
	case <-f.closing:
		tx.stop()
		return
	case <-event.Context().Done():
		tx.fail(errLate)
		return
	}
	select {
	case <-msg.Acked():
		tx.handled(row.Position)
		return
	case <-msg.Nacked():
		tx.fail(errNacked)
		return
	case <-event.Context().Done():
		tx.fail(errLate)
	}
	// its context is over, and the transaction waits until it lets go
	select {
	case <-msg.Acked():
	case <-msg.Nacked():
	case <-time.After(handlerGoodbye):
	}
}

// close stops handing out events, lets the batch under way end, and then
// watermill's subscriber.
func (f *feed) close() error {
	f.once.Do(func() { close(f.closing) })
	f.mutex.Lock()
	batch := f.batch
	f.mutex.Unlock()
	if batch != nil {
		select {
		case <-batch.ended:
		case <-time.After(longestGoodbye):
		}
	}
	err := f.inner.Close()
	<-f.forwarded
	return err
}
