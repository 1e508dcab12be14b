package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain/catalog"
	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/internal/networks"
	"behalf/internal/personkeys"
	"behalf/internal/telemetry"
	"behalf/internal/vault"
)

// parts is what the processes are put together from. Each process opens what
// it needs, under the role that it needs.
type parts struct {
	settings   *config.Config
	log        *slog.Logger
	metrics    *telemetry.Metrics
	events     *eventstore.Registry
	signals    eventstore.Signals
	erased     personkeys.Signal        // somebody was; nil where nothing needs to know
	connectors networks.Registry        // nil until they are made
	pools      map[string]*pgxpool.Pool // by role
	stores     map[string]*eventstore.Store
	keys       map[string]*personkeys.Keys // of people, by role
	closers    []func()

	beforeErasing func(context.Context) error // what else has to go with a person; nil for nothing
}

// open checks the settings and makes what every process has.
func open(settings *config.Config, env environment, needed ...config.Setting) (*parts, error) {
	if err := settings.Resolve(env.lookup, needed...); err != nil {
		return nil, err
	}
	level, err := settings.Level()
	if err != nil {
		return nil, err
	}
	events, err := eventstore.NewRegistry(catalog.Aggregates()...)
	if err != nil {
		return nil, err
	}
	logs := env.logs
	if logs == nil {
		logs = env.err
	}
	log := telemetry.NewLogger(logs, telemetry.LogOptions{Level: level, Format: settings.LogFormat})
	return &parts{
		settings: settings, log: log, metrics: telemetry.NewMetrics(), events: events,
		pools: map[string]*pgxpool.Pool{}, stores: map[string]*eventstore.Store{},
		keys: map[string]*personkeys.Keys{},
	}, nil
}

// closePatience is how long giving everything back may take.
const closePatience = 2 * time.Second

// close gives everything back, in reverse order. A pool waits for every
// connection that is in use: one that a service did not let go of must not
// keep the process, whose end gives it back just as well.
func (p *parts) close() {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		for i := len(p.closers) - 1; i >= 0; i-- {
			p.closers[i]()
		}
	}()
	select {
	case <-closed:
	case <-time.After(closePatience):
		p.log.Warn("connections are still in use; they end with the process")
	}
}

// pool opens the connections of one role, once.
func (p *parts) pool(ctx context.Context, role string) (*pgxpool.Pool, error) {
	if pool, opened := p.pools[role]; opened {
		return pool, nil
	}
	described, err := eventstore.PoolConfig(p.settings.Secrets.DatabaseURL.Reveal(), role)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, described)
	if err != nil {
		return nil, fmt.Errorf("prepare connections to Postgres: %w", err)
	}
	p.closers = append(p.closers, pool.Close)
	p.pools[role] = pool
	return pool, nil
}

// store is the log as one role sees it, opened once: what is appended at the
// same moment shares a call only within one store, and each has a cache.
func (p *parts) store(ctx context.Context, role string) (*eventstore.Store, error) {
	if store, opened := p.stores[role]; opened {
		return store, nil
	}
	pool, err := p.pool(ctx, role)
	if err != nil {
		return nil, err
	}
	options := eventstore.Options{Signals: p.signals, Logger: p.log}
	if p.settings.Secrets.MasterKey.IsSet() {
		if options.Persons, err = p.persons(ctx, role); err != nil {
			return nil, err
		}
	}
	store := eventstore.New(pool, p.events, options)
	p.closers = append(p.closers, func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), closePatience)
		defer cancel()
		_ = store.Close(ending) // whoever waited for an append was answered before, or is gone
	})
	p.stores[role] = store
	return store, nil
}

// vault opens the members' connections as one role may use them.
func (p *parts) vault(ctx context.Context, role string) (*vault.Vault, error) {
	pool, err := p.pool(ctx, role)
	if err != nil {
		return nil, err
	}
	key, err := p.masterKey()
	if err != nil {
		return nil, err
	}
	return vault.New(ctx, pool, key)
}

// masterKey is the setting's; its form was checked with the other settings.
func (p *parts) masterKey() ([]byte, error) {
	return vault.ParseKey(p.settings.Secrets.MasterKey.Reveal())
}
