// Package highwater moves the high-water mark, behind which everybody reads:
// below it nothing can appear any more.
package highwater

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/eventstore/internal/term"
	"behalf/eventstore/signal"
)

// How the leader works.
const (
	pollHead     = time.Second          // between two looks at the sequence when nothing wakes it
	barrierEvery = 2 * time.Millisecond // between two barriers at least: each makes writers stand still
)

// Leader moves the mark. Any number of processes run one; a session lock lets
// one of them lead, and another one take over when its connection ends. Those
// that stand by also move the mark when it has been stuck for a second: a
// frozen leader keeps its session.
type Leader struct {
	pool            *pgxpool.Pool
	logger          *slog.Logger
	appended, moved signal.Signal
	barrier         watch
}

// NewLeader makes a candidate, which takes one connection out of the pool for
// itself when it runs. Appended wakes it, and it tells moved.
func NewLeader(pool *pgxpool.Pool, logger *slog.Logger, appended, moved signal.Signal) *Leader {
	return &Leader{pool: pool, logger: logger, appended: appended, moved: moved}
}

// Run stands for leader, leads, and stands again after a lost connection,
// until ctx ends; then it returns nil.
func (l *Leader) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := term.Serve(ctx, l.pool, l.term)
		if ctx.Err() != nil {
			break
		}
		l.logger.WarnContext(ctx, "high-water leader lost its connection", "error", err)
		signal.Await(ctx, nil, term.Candidacy)
	}
	return nil
}

// term is the life of one connection. It returns only with an error.
func (l *Leader) term(ctx context.Context, conn *pgx.Conn) error {
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
		if signal.Await(ctx, nil, term.Candidacy); ctx.Err() != nil {
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
	mark, err := Mark(ctx, conn)
	if err != nil {
		return err
	}
	for {
		next := l.appended.Next()
		var head int64
		if err := conn.QueryRow(ctx, sqlHead).Scan(&head); err != nil {
			return err
		}
		if head > mark {
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
	l.barrier.begin()
	mark, err = settled(ctx, conn)
	l.barrier.end()
	if err != nil {
		return 0, err
	}
	if _, err := conn.Exec(ctx, sqlPublish, mark); err != nil {
		return 0, err
	}
	l.moved.Notify()
	return mark, nil
}
