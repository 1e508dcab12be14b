// Package feed gives the log to watermill handlers, a batch in a transaction,
// exactly once each as far as they write through that transaction.
package feed

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	wsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Row is an event as the table has it.
type Row struct {
	Position    int64
	WorkspaceID pgtype.UUID
	Stream      string
	Version     int
	ID          pgtype.UUID
	Type        string
	Data        []byte
	Metadata    []byte
	RecordedAt  time.Time
}

// Config is what a feed works with; every field counts.
type Config struct {
	Pool   *pgxpool.Pool
	Logger *slog.Logger
	Group  string        // the consumer group, which has a checkpoint already
	Batch  int           // events in one transaction at most
	Retry  time.Duration // the pause after an error or a nack
	Ack    time.Duration // how long the handler of one event may take

	Next    func() <-chan struct{} // what the next move of the high-water mark closes
	Moved   func()                 // told when the checkpoint has moved
	Lookout *Lookout               // for when nothing wakes it
}

// Feed stands between watermill's subscriber and the handlers. On its own,
// watermill delivers a nacked event again within the same transaction, and
// commits what a handler has written so far when its time is up or when the
// subscriber closes. So the feed answers to watermill in the handlers' place:
// whatever they say, the batch goes on to its end, and there its transaction
// (batchTx) either keeps exactly what was handled, or nothing.
type Feed struct {
	config    Config
	inner     *wsql.Subscriber
	done      <-chan struct{} // the subscription's context has ended
	closing   chan struct{}   // hand out nothing more
	forwarded chan struct{}   // the forwarding goroutine has ended
	bell      chan struct{}   // rung by the lookout
	once      sync.Once

	mutex sync.Mutex
	batch *batchTx        // the newest one
	next  <-chan struct{} // what wakes the next query; watermill's goroutine alone uses it
}

// longestGoodbye is how long Close waits for the handler at work.
const longestGoodbye = 30 * time.Second

// Open begins to feed the returned channel, until ctx ends or Close is called.
func Open(ctx context.Context, topic string, config Config) (*Feed, <-chan *message.Message, error) {
	f := &Feed{
		config:    config,
		done:      ctx.Done(),
		closing:   make(chan struct{}),
		forwarded: make(chan struct{}),
		bell:      make(chan struct{}, 1),
	}
	inner, err := wsql.NewSubscriber(f, wsql.SubscriberConfig{
		ConsumerGroup:  config.Group,
		AckDeadline:    &config.Ack,
		BackoffManager: f,
		SchemaAdapter:  f,
		OffsetsAdapter: offsets{},
	}, watermill.NewSlogLoggerWithLevelMapping(config.Logger, quiet))
	if err != nil {
		return nil, nil, err
	}
	events, err := inner.Subscribe(ctx, topic)
	if err != nil {
		return nil, nil, err
	}
	f.inner = inner
	return f, f.start(events), nil
}

type rowKey struct{}

// RowOf returns the event that a message carries.
func RowOf(msg *message.Message) (Row, bool) {
	row, ok := msg.Context().Value(rowKey{}).(Row)
	return row, ok
}

func (f *Feed) start(events <-chan *message.Message) <-chan *message.Message {
	out := make(chan *message.Message)
	f.config.Lookout.join(f)
	go func() {
		defer close(f.forwarded)
		defer close(out)
		defer f.config.Lookout.leave(f)
		for event := range events {
			f.forward(event, out)
		}
	}()
	return out
}

// forward hands one event to its handler and waits for the verdict. It always
// acks towards watermill.
func (f *Feed) forward(event *message.Message, out chan<- *message.Message) {
	defer event.Ack()
	tx, ok := batchOf(event)
	if !ok || !tx.begin() {
		return // what comes behind a failed event waits for the next batch
	}
	defer tx.end()
	row := tx.rows[event.UUID]
	msg := event.Copy()
	msg.SetContext(context.WithValue(event.Context(), rowKey{}, row))

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

// ring has the feed look now, or once more when it is at it.
func (f *Feed) ring() {
	select {
	case f.bell <- struct{}{}:
	default:
	}
}

// Close stops handing out events, lets the batch under way end, and then
// watermill's subscriber.
func (f *Feed) Close() error {
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

// quiet makes watermill's everyday messages what they are: for debugging.
var quiet = map[slog.Level]slog.Level{slog.LevelInfo: slog.LevelDebug}
