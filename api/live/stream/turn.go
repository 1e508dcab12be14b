package stream

import (
	"context"
	"net/http"
	"time"

	"behalf/api/problem"
)

// sourcePatience is how long a look may take.
const sourcePatience = 10 * time.Second

// turn is one stream while it is served.
type turn struct {
	Stream
	options Options

	next   <-chan struct{} // closed when there may be something new since the last look
	looked time.Time       // when that was
}

// look asks the source what is new.
func (t *turn) look(ctx context.Context) (Page, error) {
	ctx, cancel := context.WithTimeout(ctx, sourcePatience)
	defer cancel()
	t.next, t.looked = t.Wake(), time.Now() // before looking: nothing slips in between
	page, err := t.Source(ctx, t.After)
	if err == nil && page.Reached != "" {
		t.After = page.Reached
	}
	return page, err
}

// serve writes what there is until the reader or the right to read is gone.
func (t *turn) serve(ctx context.Context, r *http.Request, answer http.ResponseWriter, page Page) {
	w := begin(answer, t.options.Patience)
	for {
		if err := w.page(page, t.After); err != nil {
			return // the reader is gone, or too slow; it comes back
		}
		if time.Since(w.last) >= t.options.Heartbeat && w.heartbeat(t.After) != nil {
			return
		}
		if !page.More {
			t.wait(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		var err error
		if page, err = t.look(ctx); err != nil {
			if ctx.Err() == nil {
				w.end(problem.Of(r.Context(), err))
			}
			return
		}
	}
}

// wait returns when it is worth looking again.
func (t *turn) wait(ctx context.Context) {
	timer := time.NewTimer(t.options.Look)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return
	case <-timer.C:
		return
	case <-t.next:
	}
	// what happens in a burst is looked at once
	timer.Reset(t.options.Pace - time.Since(t.looked))
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
