package engine

import (
	"context"
	"errors"
	"sync"

	"behalf/eventstore"
	"behalf/projections/parking"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5"
)

// errEnded is why a subscription is made again that reported no error.
var errEnded = errors.New("the subscription ended")

// follower handles the events of one subscription, one after the other.
type follower struct {
	*turn
	tx      pgx.Tx // of the event at work
	held    *parking.Held
	handled bool
	stopped bool // the group must not park more
	leave   context.CancelFunc
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
	f := &follower{turn: t, leave: leave}
	var working sync.WaitGroup
	ended := make(chan struct{})
	working.Go(func() {
		defer close(ended)
		for msg := range messages {
			f.receive(msg)
		}
	})
	working.Go(func() { t.watch(following, leave) })
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

// watch leaves following when something else has to be done.
func (t *turn) watch(ctx context.Context, leave context.CancelFunc) {
	for {
		if wait(ctx, t.options.Watch); ctx.Err() != nil {
			return
		}
		seen, err := t.look(ctx)
		if err == nil && (seen.Version != t.view.Version || seen.Stopped || seen.behind() > t.options.Bulk) {
			leave()
			return
		}
	}
}

// receive handles one message, and sees to it that its group goes on.
func (f *follower) receive(msg *message.Message) {
	recorded, undecodable := eventstore.EventOf(msg)
	told, err := f.step(msg, recorded, undecodable)
	if err != nil {
		f.tx = nil // its transaction counts for nothing, and what it held neither
		msg.Nack()
		if errors.Is(err, parking.ErrTooMany) {
			f.stopped = true
			f.leave()
			return
		}
		f.metrics.failed(f.view, recorded.Type)
		f.logger.Error("view cannot handle an event now", "type", recorded.Type, "position", recorded.Position,
			"stream", recorded.Stream, "error", err)
		return
	}
	msg.Ack()
	f.handled = true
	f.metrics.handled(f.view, recorded.Position, 1)
	if told != nil {
		f.tell(*told)
	}
}

func (f *follower) step(msg *message.Message, recorded eventstore.Recorded, undecodable error) (*Told, error) {
	tx, ok := eventstore.TxOf(msg)
	if !ok {
		return nil, errors.New("the event came without a transaction")
	}
	if f.tx != tx {
		held, err := f.group.Load(msg.Context(), tx)
		if err != nil {
			return nil, err
		}
		f.tx, f.held = tx, held
	}
	return step(msg.Context(), tx, f.options.Writer(tx), f.view, f.held, recorded, undecodable)
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
