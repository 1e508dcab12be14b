package telemetry

import (
	"context"
	"errors"
	"net"

	"github.com/redis/go-redis/v9"
	"go.opentelemetry.io/otel/attribute"
)

// Redis begins a span for each command, or pipeline of commands, that is a part of
// something traced: with the command's name, never what is asked about.
type Redis struct{}

var _ redis.Hook = Redis{}

// DialHook implements redis.Hook.
func (Redis) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		return next(ctx, network, address)
	}
}

// ProcessHook implements redis.Hook.
func (Redis) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, command redis.Cmder) error {
		ctx = call(ctx, "redis "+command.Name())
		err := next(ctx, command)
		called(ctx, refused(err))
		return err
	}
}

// ProcessPipelineHook implements redis.Hook.
func (Redis) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, commands []redis.Cmder) error {
		ctx = call(ctx, "redis pipeline", attribute.Int("db.operation.batch.size", len(commands)))
		err := next(ctx, commands)
		called(ctx, refused(err))
		return err
	}
}

// refused is what went wrong, in a word: that there is nothing is no failure, and
// what Redis says may repeat what it was asked.
func refused(err error) string {
	var said redis.Error
	switch {
	case err == nil, errors.Is(err, redis.Nil):
		return ""
	case errors.As(err, &said):
		return "refused"
	default:
		return broken(err)
	}
}
