package sweep

import (
	"context"
	"sync"
	"sync/atomic"
)

// errand is what somebody else is asked for, a network or a store of files, who may
// not answer for long. Nothing that is due waits for it, nor does another errand.
type errand struct {
	do   func(context.Context) error
	away atomic.Bool
}

// sendOut begins every errand that is not away since an earlier round.
func (s *Sweeper) sendOut(ctx context.Context, out *sync.WaitGroup) {
	for _, errand := range s.errands {
		if !errand.away.CompareAndSwap(false, true) {
			continue
		}
		out.Go(func() {
			defer errand.away.Store(false)
			if err := errand.do(ctx); err != nil && ctx.Err() == nil {
				s.Logger.WarnContext(ctx, "a sweep is incomplete", "error", err)
			}
		})
	}
}
