package process

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/api/web"
	"behalf/cmd/behalf/offer"
	"behalf/internal/redisurl"
	"behalf/projections"
)

// behindAtMost is how many events a view may be behind before readiness is degraded.
const behindAtMost = 1000

// degradations are what a process can do without for a while: Redis, views that
// are up to date, publishing, networks that go on speaking the version that we do.
func (p *Parts) degradations(ctx context.Context, role string) ([]web.Check, error) {
	pool, err := p.Pool(ctx, role)
	if err != nil {
		return nil, err
	}
	options, err := redisurl.Parse(p.Settings.Secrets.RedisURL.Reveal())
	if err != nil {
		return nil, err
	}
	client := redisurl.Open(options)
	p.closers = append(p.closers, func() { _ = client.Close() })
	return []web.Check{
		{Name: "redis", Look: func(ctx context.Context) (string, error) { return "", client.Ping(ctx).Err() }},
		{Name: "views", Look: func(ctx context.Context) (string, error) { return lookAtViews(ctx, pool) }},
		{Name: "publishing", Look: func(ctx context.Context) (string, error) { return lookAtQuarantine(ctx, pool) }},
		{Name: "networks", Look: func(context.Context) (string, error) { return offer.LookAtVersions(p.connectors, time.Now()) }},
	}, nil
}

const sqlHeld = `
select held
from log.lineage`

// lookAtQuarantine says when nothing is published because a database was restored (R69).
func lookAtQuarantine(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	var held bool
	if err := pool.QueryRow(ctx, sqlHeld).Scan(&held); err != nil {
		return "", err
	}
	if held {
		const detail = "held until an operator ends the quarantine: see behalf quarantine"
		return detail, errors.New("publishing is " + detail)
	}
	return "", nil
}

// lookAtViews answers how many events the slowest view is behind, and what an
// operator has to look at.
func lookAtViews(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	all, err := projections.Look(ctx, pool)
	if err != nil {
		return "", err
	}
	behind, wrong := int64(0), false
	var details []string
	for i, view := range all {
		behind = max(behind, view.Behind)
		switch {
		case view.Version != projections.Views()[i].Version:
			details = append(details, fmt.Sprintf("%s has tables of version %d: rebuild it", view.View, view.Version))
		case view.Stopped:
			details = append(details, view.View+" stands still: see what it has parked")
		case view.Parked > 0:
			details = append(details, fmt.Sprintf("%s has parked %d events", view.View, view.Parked))
			continue // the rest of it goes on
		default:
			continue
		}
		wrong = true
	}
	detail := strings.Join(append([]string{fmt.Sprintf("%d events behind", behind)}, details...), "; ")
	if behind > behindAtMost || wrong {
		return detail, fmt.Errorf("views are %s", detail)
	}
	return detail, nil
}
