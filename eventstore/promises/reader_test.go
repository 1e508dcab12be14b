package promises

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/eventstore/storetest"
)

var errHandler = errors.New("the handler failed")

// A handler that writes, fails, and succeeds later leaves what it wrote once,
// and nothing is lost or repeated around it.
func TestANackIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	db := open(t)
	ledger(t, db)
	storetest.Lead(t, db.store)
	events := joinMany(t, db, 120) // more than two batches
	failures, last := 3, 0
	read(t, db.store, "reader", func(msg *message.Message) error {
		if err := write(msg, "reader"); err != nil {
			return err
		}
		event, err := eventstore.EventOf(msg)
		if event.Version > last+1 {
			t.Errorf("given version %d behind %d", event.Version, last)
		}
		last = event.Version
		if event.Version == 70 && failures > 0 {
			failures--
			return errHandler
		}
		return err
	})
	reach(t, db.store, "reader", events[119].Position)
	require.Equal(t, committed(t, db), delivered(t, db, "reader"))
	require.Zero(t, failures)
}

// A statement that fails ends the transaction; the next one is a new one.
func TestAFailedStatementIsNotTheEnd(t *testing.T) {
	t.Parallel()
	db := open(t)
	ledger(t, db)
	storetest.Lead(t, db.store)
	events := joinMany(t, db, 5)
	failed := false
	read(t, db.store, "reader", func(msg *message.Message) error {
		if event, _ := eventstore.EventOf(msg); event.Version == 3 && !failed {
			failed = true
			tx, _ := eventstore.TxOf(msg)
			_, err := tx.Exec(msg.Context(), `select 1 / 0`)
			return err
		}
		return write(msg, "reader")
	})
	reach(t, db.store, "reader", events[4].Position)
	require.True(t, failed)
	require.Equal(t, committed(t, db), delivered(t, db, "reader"))
}

// A handler that is still at work when its time is up leaves nothing behind,
// nor do those before it in its batch; all are given again.
func TestALateHandlerLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, lateAt := range map[string]int{"the first of a batch": 1, "in the middle": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			ledger(t, db)
			storetest.Lead(t, db.store)
			events := joinMany(t, db, 5)
			late := false
			read(t, db.store, "reader", func(msg *message.Message) error {
				if err := write(msg, "reader"); err != nil {
					return err
				}
				if event, _ := eventstore.EventOf(msg); event.Version == lateAt && !late {
					late = true
					<-msg.Context().Done()
				}
				return nil
			}, eventstore.AckWithin(200*time.Millisecond))
			reach(t, db.store, "reader", events[4].Position)
			require.True(t, late)
			require.Equal(t, committed(t, db), delivered(t, db, "reader"))
		})
	}
}

// Closing waits for the handler at work, keeps what is done, and a later
// subscription goes on behind it.
func TestClosingKeepsWhatIsDone(t *testing.T) {
	t.Parallel()
	db := open(t)
	ledger(t, db)
	storetest.Lead(t, db.store)
	events := joinMany(t, db, 10)
	working, finish := make(chan struct{}), make(chan struct{})
	stop := read(t, db.store, "reader", func(msg *message.Message) error {
		if event, _ := eventstore.EventOf(msg); event.Version == 4 {
			close(working)
			<-finish
		}
		return write(msg, "reader")
	})
	receive(t, working, "the handler at work")
	closed := make(chan struct{})
	go func() { defer close(closed); stop() }()
	close(finish)
	receive(t, closed, "the end of the subscription")

	checkpoint, err := db.store.Checkpoint(t.Context(), "reader")
	require.NoError(t, err)
	require.GreaterOrEqual(t, checkpoint, events[3].Position)
	require.Equal(t, checkpoint, delivered(t, db, "reader")[len(delivered(t, db, "reader"))-1])

	read(t, db.store, "reader", func(msg *message.Message) error { return write(msg, "reader") })
	reach(t, db.store, "reader", events[9].Position)
	require.Equal(t, committed(t, db), delivered(t, db, "reader"))
}

// A policy acts on what happens from its first subscription on, and later on
// from where it was.
func TestAPolicyStartsAtTheHead(t *testing.T) {
	t.Parallel()
	db := open(t)
	ledger(t, db)
	storetest.Lead(t, db.store)
	before := joinMany(t, db, 3)
	read(t, db.store, "view", func(msg *message.Message) error { return nil })
	reach(t, db.store, "view", before[2].Position)

	handle := func(msg *message.Message) error { return write(msg, "policy") }
	stop := read(t, db.store, "policy", handle, eventstore.StartAtHead())
	first := joinMany(t, db, 1)
	reach(t, db.store, "policy", first[0].Position)
	stop()
	second := joinMany(t, db, 1)
	reach(t, db.store, "view", second[0].Position)
	read(t, db.store, "policy", handle, eventstore.StartAtHead())
	reach(t, db.store, "policy", second[0].Position)
	require.Equal(t, []int64{first[0].Position, second[0].Position}, delivered(t, db, "policy"))
}

// An event of an unknown type is handed on, with all that is known of it.
func TestAnUnknownTypeIsHandedOn(t *testing.T) {
	t.Parallel()
	db := open(t)
	storetest.Lead(t, db.store)
	events := joinMany(t, db, 1)
	registry, err := codec.NewRegistry(domain.Aggregate{
		Category: domain.WorkspaceStreams, New: func() domain.State { return new(folded) },
	})
	require.NoError(t, err)
	older := eventstore.New(db.engine, registry, eventstore.Options{})
	type answer struct {
		event eventstore.Recorded
		err   error
	}
	answers := make(chan answer, 1)
	read(t, older, "older", func(msg *message.Message) error {
		event, err := eventstore.EventOf(msg)
		answers <- answer{event, err}
		return nil
	})
	got := receive(t, answers, "the event")
	require.ErrorIs(t, got.err, codec.ErrUnknownType)
	got.event.Event = events[0].Event
	require.Equal(t, events[0], got.event)
}

func TestWhatASubscriberRefuses(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, err := db.store.Subscriber("")
	require.Error(t, err)
	subscriber, err := db.store.Subscriber("reader")
	require.NoError(t, err)
	_, err = subscriber.Subscribe(t.Context(), "elsewhere")
	require.ErrorContains(t, err, "no topic")
	require.NoError(t, subscriber.Close())
	_, err = subscriber.Subscribe(t.Context(), eventstore.Topic)
	require.Error(t, err)
	_, err = eventstore.EventOf(message.NewMessage("x", nil))
	require.ErrorContains(t, err, "does not come from the log")
	_, ok := eventstore.TxOf(message.NewMessage("x", nil))
	require.False(t, ok)
}

// Waiting for a group that nobody reads for ends with the caller's patience.
func TestWaitingIsBounded(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	reached, err := db.store.WaitForCheckpoint(ctx, "nobody", 1)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Zero(t, reached)
}
