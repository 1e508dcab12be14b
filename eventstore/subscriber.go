package eventstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	wsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5"

	"behalf/eventstore/codec"
	"behalf/eventstore/internal/feed"
)

// Topic is the one topic of the log.
const Topic = "events"

// What a subscriber does unless told otherwise.
const (
	defaultBatch = 50               // events in one transaction
	defaultRetry = time.Second      // after an error or a nack
	defaultAck   = 30 * time.Second // for one event; then its batch is rolled back
	pollBehind   = time.Second      // between two looks, for all groups of a process, when nothing wakes them
)

type subscription struct {
	group  string
	atHead bool
	batch  int
	retry  time.Duration
	ack    time.Duration
}

// SubscriberOption changes what a subscriber does.
type SubscriberOption func(*subscription)

// StartAtHead lets a group's very first subscription begin at the high-water
// mark rather than at the beginning of the log: for policies, which act on what
// happens from now on. Where the group has a checkpoint already, that counts.
func StartAtHead() SubscriberOption { return func(s *subscription) { s.atHead = true } }

// BatchSize sets how many events share a transaction, from 1; 50 by default.
func BatchSize(events int) SubscriberOption {
	return func(s *subscription) { s.batch = max(events, 1) }
}

// RetryAfter sets the pause after an error or a nack; a second by default.
func RetryAfter(pause time.Duration) SubscriberOption {
	return func(s *subscription) { s.retry = max(pause, 0) }
}

// AckWithin sets how long the handler of one event may take; 30 seconds by default.
func AckWithin(limit time.Duration) SubscriberOption {
	return func(s *subscription) { s.ack = max(limit, time.Millisecond) }
}

// Subscriber reads the log on behalf of a consumer group, in order of position
// and never past the high-water mark. The pool has to run under RoleEngine.
//
// Up to BatchSize events share one transaction with the group's checkpoint, and
// handlers write through it (TxOf): what they write happens exactly once. A
// nack, a missed deadline or a lost connection rolls the whole batch back; it
// is delivered again after a pause. Handlers run one after the other and use
// the message's context.
//
// Any number of processes may subscribe for a group: one batch at a time is
// under way, and the others stand by, to take over as soon as its transaction ends.
func (s *Store) Subscriber(group string, options ...SubscriberOption) (message.Subscriber, error) {
	if group == "" || len(group) > 100 {
		return nil, errors.New("the name of a consumer group has 1 to 100 characters")
	}
	subscription := subscription{group: group, batch: defaultBatch, retry: defaultRetry, ack: defaultAck}
	for _, option := range options {
		option(&subscription)
	}
	return &subscriber{store: s, subscription: subscription}, nil
}

// EventOf returns the event that a message carries. When it cannot be decoded
// (codec.ErrUnknownType, for one) the error says so, and what is known of the event
// is returned all the same.
func EventOf(msg *message.Message) (Recorded, error) {
	registry, known := msg.Context().Value(registryKey{}).(*codec.Registry)
	carried, ok := feed.RowOf(msg)
	if !known || !ok {
		return Recorded{}, errors.New("the message does not come from the log")
	}
	return row(carried).recorded(registry)
}

// registryKey finds the registry that decodes a subscription's events in its context.
type registryKey struct{}

// TxOf returns the transaction in which the message's event is handled and its
// group's checkpoint moves. It must not be committed or rolled back; savepoints are fine.
func TxOf(msg *message.Message) (pgx.Tx, bool) { return feed.TxOf(msg) }

// ErrAgain is for what Finish has done: the batch is rolled back and delivered
// again at once.
var ErrAgain = feed.ErrAgain

// Finish has something done in the message's transaction when all events of its
// batch have been handled, before the checkpoint moves: for handlers that
// gather what they write. The last one that is given counts. Only what belongs
// to acked events may be done. When it fails the batch is rolled back and
// delivered again, after a pause unless the error is ErrAgain.
func Finish(msg *message.Message, finish func(ctx context.Context) error) bool {
	return feed.Finish(msg, finish)
}

// subscriber is one process's part in a consumer group.
type subscriber struct {
	store        *Store
	subscription subscription

	mutex  sync.Mutex
	closed bool
	feeds  []*feed.Feed
}

const sqlJoinGroup = `
insert into log.checkpoints (name, position)
select
	$1,
	case when $2 then position else 0 end
from log.high_water
on conflict (name) do nothing`

// Subscribe implements message.Subscriber. It ends with ctx, or with Close.
func (s *subscriber) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	if topic != Topic {
		return nil, fmt.Errorf("the log has no topic %q, only %q", topic, Topic)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closed {
		return nil, wsql.ErrSubscriberClosed
	}
	if _, err := s.store.pool.Exec(ctx, sqlJoinGroup, s.subscription.group, s.subscription.atHead); err != nil {
		return nil, fmt.Errorf("join the group %s: %w", s.subscription.group, err)
	}
	opened, messages, err := feed.Open(context.WithValue(ctx, registryKey{}, s.store.registry), topic, feed.Config{
		Pool:   s.store.pool,
		Logger: s.store.logger,
		Group:  s.subscription.group,
		Batch:  s.subscription.batch,
		Retry:  s.subscription.retry,
		Ack:    s.subscription.ack,
		Next:   s.store.signals.HighWater.Next,
		Moved:  s.store.signals.Checkpoint.Notify, Lookout: s.store.lookout,
	})
	if err != nil {
		return nil, fmt.Errorf("subscribe as %s: %w", s.subscription.group, err)
	}
	s.feeds = append(s.feeds, opened)
	return messages, nil
}

// Close lets the handler at work finish, keeps what has been handled so far,
// and returns when nothing of the subscriber runs any more.
func (s *subscriber) Close() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.closed = true
	var failed error
	for _, opened := range s.feeds {
		failed = errors.Join(failed, opened.Close())
	}
	s.feeds = nil
	return failed
}
