package proofs

import (
	"context"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/eventstore"
	"behalf/eventstore/storetest/conformance"
	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// patience is for what is expected to happen.
const patience = 2 * time.Minute

// database is one test's own, seen by its superuser and by the two roles.
type database struct{ super, engine, api *pgxpool.Pool }

func open(t *testing.T) database {
	t.Helper()
	return of(t, testkit.Postgres(t))
}

// of takes a migrated database for a test.
func of(t *testing.T, super *pgxpool.Pool) database {
	t.Helper()
	_, err := super.Exec(t.Context(), `
create table if not exists ledger (
	number   bigint generated always as identity,
	reader   text not null,
	position bigint not null,
	stream   text not null,
	version  int not null
);
grant select, insert on ledger to public`)
	require.NoError(t, err)
	return database{super: super, engine: under(t, super, eventstore.RoleEngine), api: under(t, super, eventstore.RoleAPI)}
}

func under(t *testing.T, pool *pgxpool.Pool, role string) *pgxpool.Pool {
	t.Helper()
	config := eventstore.UnderRole(pool.Config(), role)
	config.MaxConns = 24
	limited, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(limited.Close)
	return limited
}

// over opens a store that is closed with the test.
func over(t *testing.T, pool *pgxpool.Pool) *eventstore.Store {
	t.Helper()
	store := eventstore.New(pool, conformance.Registry(t), eventstore.Options{})
	t.Cleanup(func() { require.NoError(t, store.Close(context.WithoutCancel(t.Context()))) })
	return store
}

// note reads along as a group, and writes what it is given into the ledger. What
// it returns ends the subscription and waits for it.
func note(t *testing.T, store *eventstore.Store, group string) (stop func()) {
	t.Helper()
	subscriber, err := store.Subscriber(group, eventstore.RetryAfter(10*time.Millisecond))
	require.NoError(t, err)
	messages, err := subscriber.Subscribe(context.WithoutCancel(t.Context()), eventstore.Topic)
	require.NoError(t, err)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for msg := range messages {
			if write(msg, group) == nil {
				msg.Ack()
			} else {
				msg.Nack()
			}
		}
	}()
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			require.NoError(t, subscriber.Close())
			<-ended
		}
	}
	t.Cleanup(stop)
	return stop
}

func write(msg *message.Message, reader string) error {
	event, err := eventstore.EventOf(msg)
	if err != nil {
		return err
	}
	tx, _ := eventstore.TxOf(msg)
	_, err = tx.Exec(msg.Context(), `
insert into ledger (reader, position, stream, version)
values ($1, $2, $3, $4)`, reader, event.Position, event.Stream.String(), event.Version)
	return err
}

// settle waits until every group has handled all that was committed, and holds
// what it was given to that: all of it, in order, once.
func settle(t *testing.T, db database, store *eventstore.Store, groups ...string) {
	t.Helper()
	want := positions(t, db, `select position from log.events order by position`)
	require.NotEmpty(t, want)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, group := range groups {
		reached, err := store.WaitForCheckpoint(ctx, group, want[len(want)-1])
		for err != nil && ctx.Err() == nil { // a connection from before a restart
			reached, err = store.WaitForCheckpoint(ctx, group, want[len(want)-1])
		}
		require.NoError(t, err, "%s has come to %d of %d", group, reached, want[len(want)-1])
		require.Equal(t, want, positions(t, db, `select position from ledger where reader = $1 order by number`, group), group)
	}
	var disorder int
	require.NoError(t, db.super.QueryRow(t.Context(), `
select count(*)
from log.events as later
left join log.events as earlier on earlier.stream = later.stream and earlier.version = later.version - 1
where later.version > 1
	and (earlier.position is null or earlier.position > later.position)`).Scan(&disorder))
	require.Zero(t, disorder, "versions have gaps, or are out of order")
}

func positions(t *testing.T, db database, query string, arguments ...any) []int64 {
	t.Helper()
	rows, err := db.super.Query(t.Context(), query, arguments...)
	require.NoError(t, err)
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	require.NoError(t, err)
	return found
}
