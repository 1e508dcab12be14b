package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// warmUp is the part of a turn that is not measured: connections are opened
// and statements prepared in it.
const warmUp = 5

// rate has callers call do for as long as each lasts, and answers how many
// calls ended well in a second. do is told who calls.
func rate(ctx context.Context, callers int, each time.Duration, do func(ctx context.Context, caller int) error) (float64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var done atomic.Int64
	var over atomic.Bool
	var work sync.WaitGroup
	for caller := range callers {
		work.Go(func() {
			for !over.Load() {
				if err := do(ctx, caller); err != nil {
					cancel(err)
					return
				}
				done.Add(1)
			}
		})
	}
	pause(ctx, each/warmUp)
	begin, before := time.Now(), done.Load()
	pause(ctx, each)
	counted, took := done.Load()-before, time.Since(begin)
	over.Store(true)
	work.Wait()
	return float64(counted) / took.Seconds(), context.Cause(ctx)
}

// latency has one caller call do, and answers the median in microseconds.
func latency(ctx context.Context, each time.Duration, do func(ctx context.Context) error) (float64, error) {
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

func pause(ctx context.Context, length time.Duration) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
