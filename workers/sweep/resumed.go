package sweep

import (
	"context"
	"time"

	"behalf/projections"
)

const (
	// viewPatience is how long the views are waited for that say what is paused.
	viewPatience = 5 * time.Second
	// resumptions are so far apart at least: pausing again and again makes no work.
	resumptions = time.Second
)

// Resumed has what was paused go on at once (R68), and not with the next sweep: what
// was resumed up to a position of the log. It never waits; Run does the work.
func (s *Sweeper) Resumed(position int64) {
	for {
		select {
		case s.resumed <- position:
			return
		case earlier := <-s.resumed:
			position = max(position, earlier)
		}
	}
}

// rest lets time pass between two rounds, and brings what is resumed meanwhile.
func (s *Sweeper) rest(ctx context.Context, length time.Duration) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case position := <-s.resumed:
			if err := s.bring(ctx, position); err != nil && ctx.Err() == nil {
				s.Logger.WarnContext(ctx, "what was paused is left to the next sweep", "error", err)
			}
			pause(ctx, resumptions)
		}
	}
}

// bring enqueues what is due once the views know that it is not paused any more.
func (s *Sweeper) bring(ctx context.Context, position int64) error {
	waiting, cancel := context.WithTimeout(ctx, viewPatience)
	defer cancel()
	for _, view := range []projections.View{projections.Members, projections.Accounts} {
		if _, err := s.Store.WaitForCheckpoint(waiting, view.Group(), position); err != nil {
			return err
		}
	}
	return s.due(ctx)
}
