package views

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/bench/measure"
	"behalf/eventstore/signal"
)

const sqlSeen = `
select min(coalesce(c.position, 0))
from unnest($1::text[]) as v (name)
left join log.checkpoints as c on c.name = v.name`

// watcher notes how far all views have come, whenever one of them has moved.
type watcher struct {
	cancel context.CancelFunc
	ended  chan struct{}
	failed error

	mutex  sync.Mutex
	seen   []answer // positions rise
	wanted int64
	there  chan struct{} // closed when wanted is reached; nil while nothing is
}

// note keeps what was seen.
func (w *watcher) note(position int64) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if last := len(w.seen) - 1; last < 0 || position > w.seen[last].position {
		w.seen = append(w.seen, answer{position, time.Now()})
	}
	w.check()
}

func (w *watcher) check() {
	if w.there != nil && len(w.seen) > 0 && w.seen[len(w.seen)-1].position >= w.wanted {
		close(w.there)
		w.there = nil
	}
}

// reach returns what is closed when a position has been seen.
func (w *watcher) reach(position int64) <-chan struct{} {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	there := make(chan struct{})
	w.wanted, w.there = position, there
	w.check()
	return there
}

func watch(ctx context.Context, pool *pgxpool.Pool, checkpoint signal.Signal) *watcher {
	ctx, cancel := context.WithCancel(ctx)
	w := &watcher{cancel: cancel, ended: make(chan struct{})}
	groups := make([]string, len(watched))
	for i, view := range watched {
		groups[i] = view.Group()
	}
	go func() {
		defer close(w.ended)
		for ctx.Err() == nil {
			next := checkpoint.Next()
			var position int64
			if err := pool.QueryRow(ctx, sqlSeen, groups).Scan(&position); err != nil {
				if ctx.Err() == nil {
					w.failed = err
				}
				return
			}
			w.note(position)
			select {
			case <-next:
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}()
	return w
}

func (w *watcher) stop() error {
	w.cancel()
	<-w.ended
	return w.failed
}

// took waits until everything is visible, and answers p50 and p99 in milliseconds.
func (w *watcher) took(ctx context.Context, answers []answer) ([]float64, error) {
	last := int64(0)
	for _, a := range answers {
		last = max(last, a.position)
	}
	arrived := true
	select {
	case <-w.reach(last):
	case <-w.ended:
	case <-time.After(visibleIn):
		arrived = false
	}
	if err := w.stop(); err != nil {
		return nil, err
	}
	if !arrived {
		return nil, fmt.Errorf("not all of %d events became visible within %s", len(answers), visibleIn)
	}
	took := make([]float64, len(answers))
	for i, a := range answers {
		for _, seen := range w.seen {
			if seen.position >= a.position {
				took[i] = max(0, measure.Milliseconds(seen.at.Sub(a.at))) // a view may be quicker than the answer's way back
				break
			}
		}
	}
	return []float64{measure.Percentile(took, .5), measure.Percentile(took, .99)}, nil
}
