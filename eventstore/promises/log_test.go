package promises

import (
	"context"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/eventstore"
)

// patience is how long a test waits for what has to happen.
const patience = 30 * time.Second

// ledger is a table that handlers write what they were given to, in the order
// in which they were given it.
func ledger(t *testing.T, db database) {
	t.Helper()
	_, err := db.super.Exec(t.Context(), `
create table ledger (
	number   bigint generated always as identity,
	reader   text not null,
	position bigint not null
);
grant all on ledger to behalf_engine`)
	require.NoError(t, err)
}

func write(msg *message.Message, reader string) error {
	event, err := eventstore.EventOf(msg)
	if err != nil {
		return err
	}
	tx, _ := eventstore.TxOf(msg)
	_, err = tx.Exec(msg.Context(), `insert into ledger (reader, position) values ($1, $2)`, reader, event.Position)
	return err
}

// delivered returns what a reader has been given, in order.
func delivered(t *testing.T, db database, reader string) []int64 {
	t.Helper()
	rows, err := db.super.Query(t.Context(), `
select position
from ledger
where reader = $1
order by number`, reader)
	require.NoError(t, err)
	positions, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	require.NoError(t, err)
	return positions
}

// committed returns what stands in the log, in order.
func committed(t *testing.T, db database) []int64 {
	t.Helper()
	rows, err := db.super.Query(t.Context(), `
select position
from log.events
order by position`)
	require.NoError(t, err)
	positions, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	require.NoError(t, err)
	return positions
}

// read subscribes and handles every event with handle; an error nacks. What it
// returns ends the subscription and waits for it.
func read(t *testing.T, store *eventstore.Store, group string, handle func(*message.Message) error, options ...eventstore.SubscriberOption) (stop func()) {
	t.Helper()
	subscriber, err := store.Subscriber(group, append([]eventstore.SubscriberOption{eventstore.RetryAfter(time.Millisecond)}, options...)...)
	require.NoError(t, err)
	messages, err := subscriber.Subscribe(context.WithoutCancel(t.Context()), eventstore.Topic)
	require.NoError(t, err)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for msg := range messages {
			if handle(msg) == nil {
				msg.Ack()
			} else {
				msg.Nack()
			}
		}
	}()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		require.NoError(t, subscriber.Close())
		<-ended
	}
	t.Cleanup(stop)
	return stop
}

// reach waits until a group has handled position.
func reach(t *testing.T, store *eventstore.Store, group string, position int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	reached, err := store.WaitForCheckpoint(ctx, group, position)
	require.NoError(t, err, "%s has come to %d", group, reached)
}

// receive waits for a signal of the test.
func receive[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(patience):
		require.FailNow(t, "waited in vain", what)
		panic("unreachable")
	}
}

// joinMany puts n events on a new team's stream.
func joinMany(t *testing.T, db database, n int) []eventstore.Recorded {
	t.Helper()
	_, team := workspace()
	events := make([]domain.Event, n)
	for i := range events {
		events[i] = joined{i}
	}
	return append1(t, db.store, on(team, 0, events...))
}
