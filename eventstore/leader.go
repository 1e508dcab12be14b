package eventstore

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/eventstore/signal"
)

// How the leader works.
const (
	candidacy    = time.Second            // between two tries to become leader, or to connect
	pollHead     = time.Second            // between two looks at the sequence when nothing wakes it
	barrierEvery = 2 * time.Millisecond   // between two barriers at least: each makes writers stand still
	barrierTries = 3                      // misses before it queues
	barrierPause = 300 * time.Microsecond // after a miss; doubled while writers hold on
	longestWait  = 50 * time.Millisecond  //
	goodbye      = 500 * time.Millisecond // for closing its connection
)

// Leader moves the high-water mark, behind which everybody reads. Any number
// of processes run one; a session lock lets one of them lead, and another one
// take over when its connection ends. Those that stand by also move the mark
// when it has been stuck for a second: a frozen leader keeps its session.
//
// Writers hold a shared barrier lock from before they draw a position until
// they have committed. Whoever holds the barrier exclusively for an instant
// and reads the sequence then knows that nothing up to there is still under
// way. Waiting for it would stop the writers behind, so the leader tries, and
// queues only for 5 ms at a time.
type Leader struct{ store *Store }

// NewLeader makes a candidate. The store's pool has to run under RoleEngine,
// on the primary; the leader takes one connection out of it for itself.
func NewLeader(store *Store) *Leader { return &Leader{store: store} }

// Run stands for leader, leads, and stands again after a lost connection,
// until ctx ends; then it returns nil.
func (l *Leader) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := l.term(ctx)
		if ctx.Err() != nil {
			break
		}
		l.store.logger.WarnContext(ctx, "high-water leader lost its connection", "error", err)
		signal.Await(ctx, nil, candidacy)
	}
	return nil
}

// term is the life of one connection. It returns only with an error.
func (l *Leader) term(ctx context.Context) error {
	pooled, err := l.store.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	conn := pooled.Hijack()
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
		defer cancel()
		_ = conn.Close(ending) // the session ends either way, and its locks with it
	}()
	if err := l.stand(ctx, conn); err != nil {
		return fmt.Errorf("stand for leader: %w", err)
	}
	if err := l.lead(ctx, conn); err != nil {
		return fmt.Errorf("lead: %w", err)
	}
	return nil
}

// A sequence that nothing was drawn from has no last value.
const sqlStand = `
select
	pg_try_advisory_lock(25192, 2),
	position,
	coalesce(pg_sequence_last_value('log.positions'), 0)
from log.high_water`

// The mark can be derived again at any time, so nobody waits for it to reach
// the disk: what it points at did.
const sqlRelaxed = `
set synchronous_commit = off`

// stand returns once this connection leads.
func (l *Leader) stand(ctx context.Context, conn *pgx.Conn) error {
	if err := NoticeVanishing(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, sqlRelaxed); err != nil {
		return err
	}
	for stuck := int64(-1); ; {
		var leads bool
		var mark, head int64
		err := conn.QueryRow(ctx, sqlStand).Scan(&leads, &mark, &head)
		if leads || err != nil {
			return err
		}
		if stuck, err = l.standIn(ctx, conn, mark, head, stuck); err != nil {
			return err
		}
		if signal.Await(ctx, nil, candidacy); ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// standIn moves the mark in place of a leader that does not: a frozen one keeps
// its session, and the lock with it. stuck is the mark that was behind when it
// was looked at before, -1 for none; the answer is that of now. Two that move
// the mark do no harm, because it only ever goes on to what is settled.
func (l *Leader) standIn(ctx context.Context, conn *pgx.Conn, mark, head, stuck int64) (int64, error) {
	switch {
	case head <= mark:
		return -1, nil
	case mark != stuck:
		return mark, nil
	}
	_, err := l.move(ctx, conn)
	return -1, err
}

const sqlHead = `
select coalesce(pg_sequence_last_value('log.positions'), 0)`

const sqlPublish = `
update log.high_water
set
	position = $1,
	moved_at = clock_timestamp()
where position < $1`

// lead keeps the mark at the head of the log.
func (l *Leader) lead(ctx context.Context, conn *pgx.Conn) error {
	var mark int64
	if err := conn.QueryRow(ctx, sqlHighWater).Scan(&mark); err != nil {
		return err
	}
	for {
		next := l.store.signals.Appended.Next()
		var head int64
		if err := conn.QueryRow(ctx, sqlHead).Scan(&head); err != nil {
			return err
		}
		if head > mark {
			var err error
			if mark, err = l.move(ctx, conn); err != nil {
				return err
			}
			signal.Await(ctx, nil, barrierEvery)
		} else {
			signal.Await(ctx, next, pollHead)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// move publishes how far the log is settled, and wakes its readers.
func (l *Leader) move(ctx context.Context, conn *pgx.Conn) (mark int64, err error) {
	l.store.barrier.begin()
	mark, err = settled(ctx, conn)
	l.store.barrier.end()
	if err != nil {
		return 0, err
	}
	if _, err := conn.Exec(ctx, sqlPublish, mark); err != nil {
		return 0, err
	}
	l.store.signals.HighWater.Notify()
	return mark, nil
}

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
func tooLate(err error) bool { return code(err) == "55P03" }
