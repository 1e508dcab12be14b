package sweep

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A round is taken by one of all processes. The row is a lease by time and not
// a lock: a process that is frozen while it leads would keep a session's lock
// for ever, and with it everybody else from sweeping. That two processes may
// then sweep at once does no harm. A round of the future was begun before the
// database's clock was set back, and keeps nobody from sweeping.
const sqlTakeRound = `
update workers.rounds
set begun_at = clock_timestamp()
where begun_at <= clock_timestamp() - $1::interval
	or begun_at > clock_timestamp()`

// Run sweeps at once, and then whenever the last round of any process is an
// interval ago, until ctx ends; then it returns nil. In between, what is missed at
// its very time is.
func (s *Sweeper) Run(ctx context.Context) error {
	var beside sync.WaitGroup
	beside.Go(func() { s.alarms.Run(ctx, ctx) })
	defer beside.Wait()
	for since := time.Duration(0); ctx.Err() == nil; since = s.Every * 4 / 5 {
		taken, err := s.takeRound(ctx, since)
		if taken {
			err = s.look(ctx)
			s.sendOut(ctx, &beside)
		}
		err = errors.Join(err, s.foresee(ctx))
		if err != nil && ctx.Err() == nil {
			s.Logger.WarnContext(ctx, "a sweep is incomplete", "error", err)
		}
		s.rest(ctx, s.Every/5)
	}
	return nil
}

func (s *Sweeper) takeRound(ctx context.Context, since time.Duration) (bool, error) {
	tag, err := s.Pool.Exec(ctx, sqlTakeRound, since)
	if err != nil {
		return false, fmt.Errorf("take a round of sweeping: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func pause(ctx context.Context, length time.Duration) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
