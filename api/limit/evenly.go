package limit

import (
	"context"
	"time"
)

// Evenly calls do and returns no earlier than after pace, however fast do was:
// how long an answer takes then does not tell what it found. What takes longer
// than pace returns after the next whole pace.
func Evenly(ctx context.Context, pace time.Duration, do func() error) error {
	began := time.Now()
	err := do()
	Pace(ctx, pace, began)
	return err
}

// Pace waits as Evenly does, for what has begun.
func Pace(ctx context.Context, pace time.Duration, began time.Time) {
	if pace <= 0 {
		return
	}
	wait := time.NewTimer(pace - time.Since(began)%pace)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done(): // nobody waits for the answer any more
	}
}
