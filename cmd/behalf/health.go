package main

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"behalf/api/web"
	"behalf/eventstore"
	"behalf/internal/redisurl"
	"behalf/projections"
)

// behindAtMost is how many events a view may be behind before readiness is degraded.
const behindAtMost = 1000

// degradations are what a process can do without for a while: Redis, and views
// that are up to date.
func (p *parts) degradations(ctx context.Context, role string) ([]web.Check, error) {
	store, err := p.store(ctx, role)
	if err != nil {
		return nil, err
	}
	options, err := redisurl.Parse(p.settings.Secrets.RedisURL.Reveal())
	if err != nil {
		return nil, err
	}
	client := redis.NewClient(options)
	p.closers = append(p.closers, func() { _ = client.Close() })
	return []web.Check{
		{Name: "redis", Look: func(ctx context.Context) (string, error) { return "", client.Ping(ctx).Err() }},
		{Name: "views", Look: func(ctx context.Context) (string, error) { return lookAtViews(ctx, store) }},
	}, nil
}

// lookAtViews answers how many events the slowest view is behind.
func lookAtViews(ctx context.Context, store *eventstore.Store) (string, error) {
	head, err := store.HighWater(ctx)
	if err != nil {
		return "", err
	}
	behind := int64(0)
	for _, view := range projections.Views() {
		reached, err := store.Checkpoint(ctx, view.Group())
		if err != nil {
			return "", err
		}
		behind = max(behind, head-reached)
	}
	detail := fmt.Sprintf("%d events behind", behind)
	if behind > behindAtMost {
		return detail, fmt.Errorf("views are %s", detail)
	}
	return detail, nil
}
