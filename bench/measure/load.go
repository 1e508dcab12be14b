package measure

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// warmUp is the part of a turn that is not measured: connections are opened
// and statements prepared in it.
const warmUp = 5

// Rate has callers call do for as long as each lasts, and answers how many
// calls ended well in a second. do is told who calls.
func Rate(ctx context.Context, callers int, each time.Duration, do func(ctx context.Context, caller int) error) (float64, error) {
	return Load(ctx, callers, each, do, func() {})
}

// Load is rate, and says when measuring begins: once every caller has had an
// answer, however long their connections take to be made, and a warm-up.
func Load(ctx context.Context, callers int, each time.Duration, do func(ctx context.Context, caller int) error, begun func()) (float64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var done, answered atomic.Int64
	var over atomic.Bool
	everybody := make(chan struct{})
	var work sync.WaitGroup
	for caller := range callers {
		work.Go(func() {
			for calls := 0; !over.Load(); calls++ {
				if err := do(ctx, caller); err != nil {
					cancel(err)
					return
				}
				done.Add(1)
				if calls == 0 && answered.Add(1) == int64(callers) {
					close(everybody)
				}
			}
		})
	}
	select {
	case <-everybody:
	case <-ctx.Done():
	}
	Pause(ctx, each/warmUp)
	begun()
	begin, before := time.Now(), done.Load()
	Pause(ctx, each)
	counted, took := done.Load()-before, time.Since(begin)
	over.Store(true)
	work.Wait()
	return float64(counted) / took.Seconds(), context.Cause(ctx)
}

// Latency has one caller call do, and answers the median in microseconds.
func Latency(ctx context.Context, each time.Duration, do func(ctx context.Context) error) (float64, error) {
	var took []float64
	begin := time.Now()
	for time.Since(begin) < each+each/warmUp {
		start := time.Now()
		if err := do(ctx); err != nil {
			return 0, err
		}
		if time.Since(begin) > each/warmUp {
			took = append(took, float64(time.Since(start).Nanoseconds())/1000)
		}
	}
	return median(took), nil
}

// Pause waits, unless ctx ends before.
func Pause(ctx context.Context, length time.Duration) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Milliseconds is how figures say how long something took.
func Milliseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }
