// Package redisurl turns one REDIS_URL into what each library wants, so that
// every part of Behalf reaches the same Redis in the same way.
package redisurl

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"behalf/internal/telemetry"
)

// ErrMalformed says that an address is not one of a Redis. Its text, and that
// of the errors that wrap it, never repeats the address: it may hold a password.
var ErrMalformed = errors.New("not an address of a Redis (redis://host:port/0, rediss://host:port/0 or unix:///path?db=0)")

// Parse reads the address of a Redis: redis://user:password@host:port/db,
// rediss:// for TLS, unix:///path/to.sock?db=0 for a socket. The query may set
// what go-redis knows ("pool_size", "read_timeout", …).
func Parse(address string) (*redis.Options, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, ErrMalformed
	}
	if parsed.Scheme != "unix" && parsed.Hostname() == "" {
		return nil, fmt.Errorf("%w: the host is missing", ErrMalformed)
	}
	options, err := redis.ParseURL(address)
	if err != nil {
		return nil, ErrMalformed
	}
	return options, nil
}

// Open makes a client, which connects when it is used. Its commands have spans
// where somebody takes them.
func Open(options *redis.Options) *redis.Client {
	client := redis.NewClient(options)
	if telemetry.Traces() {
		client.AddHook(telemetry.Redis{})
	}
	return client
}

// Asynq reads the address for asynq's Client, Server, Inspector and Scheduler.
// Unlike asynq.ParseRedisURI it knows sockets and keeps every option of the query.
func Asynq(address string) (asynq.RedisConnOpt, error) {
	options, err := Parse(address)
	if err != nil {
		return nil, err
	}
	return connOpt{options}, nil
}

// connOpt makes asynq's clients from go-redis options.
type connOpt struct{ options *redis.Options }

// MakeRedisClient returns a new client at each call: asynq closes what it gets.
func (o connOpt) MakeRedisClient() any {
	options := *o.options
	return Open(&options)
}
