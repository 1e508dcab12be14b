package networks

import (
	"context"
	"time"
)

type sendBeforeKey struct{}

// SendBefore returns a context whose requests must not be written at or after
// the given instant. The wire checks it right before writing, so that a process
// that was frozen with a request in its hands and wakes up sends nothing; the
// call then fails as NotSent. It says nothing about waiting for the answer:
// that is the context's own deadline.
func SendBefore(ctx context.Context, instant time.Time) context.Context {
	return context.WithValue(ctx, sendBeforeKey{}, instant)
}

// SendingEnds returns the instant that SendBefore set.
func SendingEnds(ctx context.Context) (instant time.Time, set bool) {
	instant, set = ctx.Value(sendBeforeKey{}).(time.Time)
	return instant, set
}
