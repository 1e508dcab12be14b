package stream

import (
	"context"
	"time"
)

type (
	unboundedKey struct{}
	stoppingKey  struct{}
)

// Unbounded remembers ctx as how long a stream may last. It comes before the
// middleware that bounds a request's time, which streams are exempt from.
func Unbounded(ctx context.Context) context.Context {
	return context.WithValue(ctx, unboundedKey{}, ctx)
}

// Stopping makes streams end when stopping does: a server that is told to stop
// would otherwise wait for them in vain.
func Stopping(ctx, stopping context.Context) context.Context {
	return context.WithValue(ctx, stoppingKey{}, stopping)
}

// Life is how long a stream, or another answer that is written for long, lasts:
// until the reader goes, the server stops or it has lasted longest.
func Life(ctx context.Context, longest time.Duration) (context.Context, context.CancelFunc) {
	lives, cancel := context.WithTimeout(context.WithoutCancel(ctx), longest)
	var released []func() bool
	for _, key := range []any{unboundedKey{}, stoppingKey{}} {
		if bound, found := ctx.Value(key).(context.Context); found {
			released = append(released, context.AfterFunc(bound, cancel))
		}
	}
	return lives, func() {
		for _, release := range released {
			release()
		}
		cancel()
	}
}
