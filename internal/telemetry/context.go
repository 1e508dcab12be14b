package telemetry

import "context"

type idKey int

const (
	requestKey idKey = iota
	correlationKey
)

// WithRequestID returns a context whose logs name the request.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey, id)
}

// RequestID is the id of the HTTP request that the context belongs to; empty outside one.
func RequestID(ctx context.Context) string { return text(ctx, requestKey) }

// WithCorrelationID returns a context whose logs name the chain of causes:
// the id that a command, its events and the jobs that follow all carry.
func WithCorrelationID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, correlationKey, id)
}

// CorrelationID is the id of the chain that the context belongs to; empty when it begins none.
func CorrelationID(ctx context.Context) string { return text(ctx, correlationKey) }

func text(ctx context.Context, key idKey) string {
	value, _ := ctx.Value(key).(string)
	return value
}
