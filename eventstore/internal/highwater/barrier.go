package highwater

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"behalf/eventstore/signal"
)

// How the leader tries for the barrier.
const (
	barrierTries = 3                      // misses before it queues
	barrierPause = 300 * time.Microsecond // after a miss; doubled while writers hold on
	longestWait  = 50 * time.Millisecond  //
)

// The lock ends with the statement's transaction; "case" sees to the order.
const sqlTrySettled = `
select case
	when pg_try_advisory_xact_lock(25192, 1)
	then coalesce(pg_sequence_last_value('log.positions'), 0)
end`

const sqlQueueBriefly = `
select set_config('lock_timeout', '5ms', true)`

const sqlAwaitSettled = `
with barrier as materialized (
	select pg_advisory_xact_lock(25192, 1)
)
select coalesce(pg_sequence_last_value('log.positions'), 0)
from barrier`

// settled returns a position up to which no writer is under way any more.
//
// Writers hold a shared barrier lock from before they draw a position until
// they have committed. Whoever holds the barrier exclusively for an instant
// and reads the sequence then knows that nothing up to there is still under
// way. Waiting for it would stop the writers behind, so the leader tries, and
// queues only for 5 ms at a time.
func settled(ctx context.Context, conn *pgx.Conn) (int64, error) {
	pause := barrierPause
	for {
		for range barrierTries {
			var head *int64
			if err := conn.QueryRow(ctx, sqlTrySettled).Scan(&head); err != nil {
				return 0, err
			}
			if head != nil {
				return *head, nil
			}
			if signal.Await(ctx, nil, pause); ctx.Err() != nil {
				return 0, ctx.Err()
			}
		}
		head, err := queued(ctx, conn)
		if !tooLate(err) {
			return head, err
		}
		pause = min(2*pause, longestWait)
	}
}

// queued waits in line for the barrier. A batch is one transaction, so that
// the time limit and the lock both end with it.
func queued(ctx context.Context, conn *pgx.Conn) (head int64, err error) {
	batch := &pgx.Batch{}
	batch.Queue(sqlQueueBriefly)
	batch.Queue(sqlAwaitSettled).QueryRow(func(row pgx.Row) error { return row.Scan(&head) })
	return head, conn.SendBatch(ctx, batch).Close()
}

// tooLate reports that a lock was not to be had in time (lock_not_available).
func tooLate(err error) bool {
	var broken *pgconn.PgError
	return errors.As(err, &broken) && broken.Code == "55P03"
}

// BarrierWait is how long the leader has been waiting for the barrier, or
// waited the last time; 0 when it never did.
func (l *Leader) BarrierWait() time.Duration { return l.barrier.wait() }

// watch times how long the leader waits for the barrier.
type watch struct {
	since atomic.Int64 // when the wait at present began, in Unix nanoseconds; 0 for none
	last  atomic.Int64 // how long the last one took, in nanoseconds
}

func (b *watch) begin() { b.since.Store(time.Now().UnixNano()) }

func (b *watch) end() {
	if since := b.since.Swap(0); since != 0 {
		b.last.Store(time.Now().UnixNano() - since)
	}
}

func (b *watch) wait() time.Duration {
	if since := b.since.Load(); since != 0 {
		return time.Since(time.Unix(0, since))
	}
	return time.Duration(b.last.Load())
}
