package promises

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/eventstore/storetest"
)

// Sixteen writers, a quarter of which hold their transactions open and roll
// every other one back, against three groups of readers, one of them with a
// standby. What was committed is what every group is given: all of it, in
// order, once.
func TestReadersAreGivenWhatWasCommitted(t *testing.T) {
	t.Parallel()
	const writers, appends = 16, 40
	db := open(t)
	ledger(t, db)
	readers := over(t, under(t, db.super, eventstore.RoleEngine))
	storetest.Lead(t, readers)
	for _, group := range []string{"first", "second", "second", "third"} {
		read(t, readers, group, func(msg *message.Message) error { return write(msg, group) })
	}

	var work errgroup.Group
	for writer := range writers {
		work.Go(func() error {
			_, team := workspace()
			for version := 0; version < appends; {
				request := on(team, version, joined{version})
				if writer%4 > 0 {
					append1(t, db.store, request)
					version++
					continue
				}
				stands := rand.N(2) == 0
				if err := hold(t.Context(), db, request, stands); err != nil {
					return err
				}
				if stands {
					version++
				}
			}
			return nil
		})
	}
	require.NoError(t, work.Wait())

	want := committed(t, db)
	require.Len(t, want, writers*appends)
	for _, group := range []string{"first", "second", "third"} {
		reach(t, readers, group, want[len(want)-1])
		require.Equal(t, want, delivered(t, db, group), group)
	}
	var disorder int
	require.NoError(t, db.super.QueryRow(t.Context(), `
select count(*)
from log.events as earlier
join log.events as later on later.stream = earlier.stream and later.version = earlier.version + 1
where later.position < earlier.position`).Scan(&disorder))
	require.Zero(t, disorder)
}

// hold appends one event in a transaction that stays open for a moment.
func hold(ctx context.Context, db database, request eventstore.Request, stands bool) error {
	tx, err := db.engine.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if err := appendIn(ctx, tx, request); err != nil {
		return err
	}
	time.Sleep(rand.N(15 * time.Millisecond)) // the load itself, not a wait for something
	if !stands {
		return nil
	}
	return tx.Commit(ctx)
}

// appendIn calls the append function within a transaction, which Store never does.
func appendIn(ctx context.Context, tx pgx.Tx, request eventstore.Request) error {
	for _, change := range request.Changes {
		data, err := codec.Encode(change.Event)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
select *
from log.append(
	array[$1], array[$2::int], array[1], array[$3::uuid],
	array[0], array[1],
	array[0], array[1], array[$2::int + 1], array[$4::uuid], array[$5], array[$6::bytea], array['{}'::bytea],
	'{}', '{}', '{}', '{}', '{}', '{}'
)`, change.Stream.String(), request.Expected[change.Stream],
			change.Stream.ID, eventstore.Fresh(), change.Event.EventType(), data)
		if err != nil {
			return err
		}
	}
	return nil
}

// While a writer is under way, the mark stays in front of its position, other
// writers go on, and nobody is given what lies behind it.
func TestTheMarkWaitsForTheSlowestWriter(t *testing.T) {
	t.Parallel()
	db := open(t)
	ledger(t, db)
	storetest.Lead(t, db.store)
	first := joinMany(t, db, 1)
	read(t, db.store, "reader", func(msg *message.Message) error { return write(msg, "reader") })
	reach(t, db.store, "reader", first[0].Position)

	tx, err := db.engine.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	_, team := workspace()
	require.NoError(t, appendIn(t.Context(), tx, on(team, 0, joined{1})))
	for range 50 { // enough for the leader to try, to queue and to give way many times
		last := joinMany(t, db, 1)[0].Position
		mark, err := db.store.HighWater(t.Context())
		require.NoError(t, err)
		require.Less(t, mark, last)
		require.Equal(t, first[0].Position, mark)
	}
	require.Equal(t, []int64{first[0].Position}, delivered(t, db, "reader"))

	require.NoError(t, tx.Commit(t.Context()))
	want := committed(t, db)
	require.Len(t, want, 52)
	reach(t, db.store, "reader", want[51])
	require.Equal(t, want, delivered(t, db, "reader"))
}

// Requests of one batch that overlap are refused by the database too.
func TestOverlapIsRefusedByTheDatabase(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, team := workspace()
	_, err := db.engine.Exec(t.Context(), `
select *
from log.append(
	array[$1, $1], array[0, 0], array[1, 0], '{null, null}',
	array[0, 1], array[1, 2],
	'{}', '{}', '{}', '{}', '{}', '{}', '{}',
	'{}', '{}', '{}', '{}', '{}', '{}'
)`, team.String())
	require.ErrorContains(t, err, "overlap")
	tx, err := db.engine.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	require.ErrorContains(t, appendIn(t.Context(), tx, on(team, 0, domain.Event(joined{1}))), "read committed")
}
