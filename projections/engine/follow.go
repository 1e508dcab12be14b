package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"behalf/eventstore"
	"behalf/projections/parking"
	"behalf/projections/rows"
	"behalf/projections/view"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5"
)

// errEnded is why a subscription is made again that reported no error.
var errEnded = errors.New("the subscription ended")

// follower handles the events of one subscription, one after the other. What a
// batch of them changes is written together; when that is refused, the same
// events come again and are written one by one, to find which of them it was.
type follower struct {
	*turn
	batch   *batch
	alone   int64 // up to here events are written one by one
	handled bool
	stopped bool // the group must not park more
	leave   context.CancelFunc
}

// batch is what is known of the events that share a transaction.
type batch struct {
	tx     pgx.Tx
	held   *parking.Held
	gather rows.Together
	last   int64 // position
	events int
	parked []Told
}

// follow handles events until the subscription ends, ctx does, or something
// else than following has to be done; it answers whether it handled any.
func (t *turn) follow(ctx context.Context) (handled bool, err error) {
	subscriber, err := t.log.Subscriber(t.group.Name, eventstore.RetryAfter(t.options.RetryAfter))
	if err != nil {
		return false, err
	}
	// The subscription outlives ctx by the event at work: Close is what ends it.
	lasting, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	messages, err := subscriber.Subscribe(lasting, eventstore.Topic)
	if err != nil {
		return false, errors.Join(err, subscriber.Close())
	}
	following, leave := context.WithCancel(ctx)
	defer leave()
	t.following(leave)
	defer t.following(nil)
	f := &follower{turn: t, leave: leave}
	var working sync.WaitGroup
	ended := make(chan struct{})
	working.Go(func() {
		defer close(ended)
		for msg := range messages {
			f.receive(msg)
		}
	})
	select {
	case <-following.Done():
	case <-ended:
		err = errEnded
	}
	leave()
	err = errors.Join(err, subscriber.Close())
	working.Wait()
	if f.stopped {
		err = errors.Join(err, t.stop(ctx))
	}
	return f.handled, err
}

// receive handles one message, and sees to it that its group goes on.
func (f *follower) receive(msg *message.Message) {
	recorded, undecodable := eventstore.EventOf(msg)
	err := f.step(msg, recorded, undecodable)
	if err == nil {
		msg.Ack()
		return
	}
	f.batch = nil // its transaction counts for nothing
	msg.Nack()
	if errors.Is(err, parking.ErrTooMany) {
		f.stopped = true
		f.leave()
		return
	}
	f.metrics.failed(f.view, recorded.Type)
	f.logger.Error("view cannot handle an event now", "type", recorded.Type, "position", recorded.Position,
		"stream", recorded.Stream, "error", err)
}

func (f *follower) step(msg *message.Message, recorded eventstore.Recorded, undecodable error) error {
	tx, ok := eventstore.TxOf(msg)
	if !ok {
		return errors.New("the event came without a transaction")
	}
	if f.batch == nil || f.batch.tx != tx {
		held, err := f.group.Load(msg.Context(), tx)
		if err != nil {
			return err
		}
		begun := &batch{tx: tx, held: held, gather: rows.Together{Schema: view.Names}}
		f.batch = begun
		eventstore.Finish(msg, func(ctx context.Context) error { return f.finish(ctx, begun) })
	}
	told, err := step(msg.Context(), tx, f.writer(recorded), f.view, f.batch.held, recorded, undecodable)
	if err != nil {
		return err
	}
	f.batch.last = recorded.Position
	f.batch.events++
	if told != nil {
		f.batch.parked = append(f.batch.parked, *told)
	}
	return nil
}

func (f *follower) writer(recorded eventstore.Recorded) rows.Writer {
	switch {
	case f.options.Writer != nil:
		return f.options.Writer(f.batch.tx)
	case recorded.Position <= f.alone:
		return rows.Live{Tx: f.batch.tx, Schema: view.Names}
	}
	return &f.batch.gather
}

// finish writes what a batch has gathered; the checkpoint moves next.
func (f *follower) finish(ctx context.Context, done *batch) error {
	err := done.gather.Write(ctx, done.tx)
	switch {
	case err == nil:
	case transient(ctx, err):
		f.logger.Error("view cannot write now", "events", done.events, "position", done.last, "error", err)
		return err
	default:
		f.alone = done.last
		return fmt.Errorf("%w: %w", eventstore.ErrAgain, err)
	}
	f.handled = true
	f.metrics.handled(f.view, done.last, done.events)
	for _, told := range done.parked {
		f.tell(told)
	}
	return nil
}

// tell shows operators what was parked.
func (t *turn) tell(told Told) {
	if told.Class == parking.Behind {
		return
	}
	t.metrics.failed(t.view, told.Event.Type)
	t.logger.Error("view parks an event", "type", told.Event.Type, "position", told.Event.Position,
		"stream", told.Event.Stream, "class", told.Class, "error", told.Cause)
}
