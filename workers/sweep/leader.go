package sweep

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	candidacy = time.Second            // between two tries to become the one that sweeps
	goodbye   = 500 * time.Millisecond // for closing the lock's connection
)

// The session lock of the process that sweeps.
const sqlStand = `
select pg_try_advisory_lock(25192, 10)`

// Run sweeps at once and then at every interval, until ctx ends; then it
// returns nil. Of several processes one sweeps, and another one takes over when
// the connection that holds its lock ends.
func (s *Sweeper) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := s.term(ctx)
		if ctx.Err() != nil {
			break
		}
		s.Logger.WarnContext(ctx, "the sweeper lost its connection", "error", err)
		pause(ctx, candidacy)
	}
	return nil
}

// term is the life of one connection. It returns only with an error.
func (s *Sweeper) term(ctx context.Context) error {
	pooled, err := s.Pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	conn := pooled.Hijack()
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
		defer cancel()
		_ = conn.Close(ending) // the session ends either way, and its lock with it
	}()
	if err := stand(ctx, conn); err != nil {
		return fmt.Errorf("stand for sweeper: %w", err)
	}
	for {
		if err := conn.Ping(ctx); err != nil {
			return fmt.Errorf("hold the sweeper's lock: %w", err)
		}
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Logger.WarnContext(ctx, "a sweep is incomplete", "error", err)
		}
		if pause(ctx, s.Every); ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func stand(ctx context.Context, conn *pgx.Conn) error {
	for {
		var leads bool
		if err := conn.QueryRow(ctx, sqlStand).Scan(&leads); err != nil {
			return err
		}
		if leads {
			return nil
		}
		if pause(ctx, candidacy); ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func pause(ctx context.Context, length time.Duration) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
