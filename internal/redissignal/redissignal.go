// Package redissignal carries wake-ups between processes over Redis pub/sub.
//
// A wake-up holds nothing and may be lost: whoever waits also looks from time
// to time. While Redis is away the signals work within the process alone, and
// nobody notices but by the time it takes; when it is back, everybody is woken
// once, for what may have been missed.
package redissignal

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

const (
	publishTime = 500 * time.Millisecond // for one wake-up
	holdOff     = time.Second            // after a failure, in which none is sent
	checkEvery  = 3 * time.Second        // whether the subscription is alive
)

// Bus is the process's share in a channel of Redis.
type Bus struct {
	client  redis.UniversalClient
	channel string
	self    string // tells our own messages
	logger  *slog.Logger
	signals map[string]*Signal
	wanted  chan struct{}

	mutex   sync.Mutex
	pending map[string]bool
}

// New makes a bus for signals of these names. It sends and receives while Run
// does; the client stays the caller's.
func New(client redis.UniversalClient, channel string, logger *slog.Logger, names ...string) *Bus {
	b := &Bus{
		client: client, channel: channel, self: uuid.NewString(), logger: logger,
		signals: map[string]*Signal{}, wanted: make(chan struct{}, 1), pending: map[string]bool{},
	}
	for _, name := range names {
		b.signals[name] = &Signal{name: name, bus: b, next: make(chan struct{})}
	}
	return b
}

// Signal returns the signal of a name that New was given.
func (b *Bus) Signal(name string) *Signal { return b.signals[name] }

// Run carries wake-ups until ctx ends; then it returns nil.
func (b *Bus) Run(ctx context.Context) error {
	var receiving sync.WaitGroup
	receiving.Go(func() { b.receive(ctx) })
	b.send(ctx)
	receiving.Wait()
	return nil
}

// want has a name sent. Those wanted while one is on its way are one.
func (b *Bus) want(name string) {
	b.mutex.Lock()
	b.pending[name] = true
	b.mutex.Unlock()
	select {
	case b.wanted <- struct{}{}:
	default:
	}
}

func (b *Bus) take() (names []string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for name := range b.pending {
		names = append(names, name)
	}
	clear(b.pending)
	return names
}

func (b *Bus) send(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.wanted:
		}
		err := b.publish(ctx, b.take())
		if err == nil {
			continue
		}
		b.logger.DebugContext(ctx, "wake-ups stay within this process", "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(holdOff):
		}
	}
}

func (b *Bus) publish(ctx context.Context, names []string) error {
	ctx, cancel := context.WithTimeout(ctx, publishTime)
	defer cancel()
	var failed error
	for _, name := range names {
		failed = errors.Join(failed, b.client.Publish(ctx, b.channel, b.self+" "+name).Err())
	}
	return failed
}

// receive wakes for what other processes send. The subscription reconnects by itself.
func (b *Bus) receive(ctx context.Context) {
	subscription := b.client.Subscribe(ctx, b.channel)
	defer func() { _ = subscription.Close() }()
	received := subscription.ChannelWithSubscriptions(redis.WithChannelHealthCheckInterval(checkEvery))
	for {
		select {
		case <-ctx.Done():
			return
		case message, open := <-received:
			if !open {
				return
			}
			b.wake(message)
		}
	}
}

func (b *Bus) wake(message any) {
	switch m := message.(type) {
	case *redis.Subscription: // new, or back: what was said meanwhile is lost
		for _, signal := range b.signals {
			signal.wake()
		}
	case *redis.Message:
		from, name, _ := strings.Cut(m.Payload, " ")
		if signal, known := b.signals[name]; known && from != b.self {
			signal.wake()
		}
	}
}
