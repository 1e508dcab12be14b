package process

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain/catalog"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/eventstore/signal"
	"behalf/internal/archives"
	"behalf/internal/config"
	"behalf/internal/masterkey"
	"behalf/internal/media"
	"behalf/internal/networks"
	"behalf/internal/personkeys"
	"behalf/internal/telemetry"
	"behalf/internal/vault"
)

// Parts is what the processes are put together from. Each process opens what
// it needs, under the role that it needs.
type Parts struct {
	Settings   *config.Config
	Log        *slog.Logger
	metrics    *telemetry.Metrics
	Events     *codec.Registry
	Signals    eventstore.Signals
	Erased     personkeys.Signal        // somebody was; nil where nothing needs to know
	queued     signal.Signal            // a job was put into Redis
	connectors networks.Registry        // nil until they are made
	Besides    networks.Registry        // offered besides those that are configured: in tests, connectors to fakes
	blobs      *media.Store             // what is in media; nil until it is opened
	pools      map[string]*pgxpool.Pool // by role
	stores     map[string]*eventstore.Store
	keys       map[string]*personkeys.Keys // of people, by role
	archives   *archives.Shelf             // nil until it is opened
	closers    []func()

	BeforeErasing func(context.Context) error // what else has to go with a person; nil for nothing
}

// Open checks the settings and makes what every process has.
func Open(settings *config.Config, env Environment, needed ...config.Setting) (*Parts, error) {
	if err := settings.Resolve(env.Lookup, needed...); err != nil {
		return nil, err
	}
	level, err := settings.Level()
	if err != nil {
		return nil, err
	}
	events, err := codec.NewRegistry(catalog.Aggregates()...)
	if err != nil {
		return nil, err
	}
	logs := env.Logs
	if logs == nil {
		logs = env.Err
	}
	log := telemetry.NewLogger(logs, telemetry.LogOptions{Level: level, Format: settings.LogFormat})
	p := &Parts{
		Settings: settings, Log: log, metrics: telemetry.NewMetrics(), Events: events,
		pools: map[string]*pgxpool.Pool{}, stores: map[string]*eventstore.Store{},
		keys: map[string]*personkeys.Keys{},
	}
	return p, p.trace()
}

// trace sends spans to where the settings say.
func (p *Parts) trace() error {
	if p.Settings.Traces == "" {
		return nil
	}
	stop, err := telemetry.StartTracing(context.Background(), p.Settings.Traces)
	if err != nil {
		return &config.Error{Setting: "BEHALF_TRACES", Problem: err.Error()}
	}
	p.closers = append(p.closers, func() {
		ending, cancel := context.WithTimeout(context.Background(), closePatience)
		defer cancel()
		if err := stop(ending); err != nil {
			p.Log.Warn("the last spans were not sent", "error", err)
		}
	})
	return nil
}

// closePatience is how long giving everything back may take.
const closePatience = 2 * time.Second

// Close gives everything back, in reverse order. A pool waits for every
// connection that is in use: one that a service did not let go of must not
// keep the process, whose end gives it back just as well.
func (p *Parts) Close() {
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
		p.Log.Warn("connections are still in use; they end with the process")
	}
}

// Pool opens the connections of one role, once.
func (p *Parts) Pool(ctx context.Context, role string) (*pgxpool.Pool, error) {
	if pool, opened := p.pools[role]; opened {
		return pool, nil
	}
	described, err := eventstore.PoolConfig(p.Settings.Secrets.DatabaseURL.Reveal(), role)
	if err != nil {
		return nil, err
	}
	if telemetry.Traces() {
		described.ConnConfig.Tracer = telemetry.Postgres{}
	}
	pool, err := pgxpool.NewWithConfig(ctx, described)
	if err != nil {
		return nil, fmt.Errorf("prepare connections to Postgres: %w", err)
	}
	p.closers = append(p.closers, pool.Close)
	p.pools[role] = pool
	return pool, nil
}

// Store is the log as one role sees it, opened once: what is appended at the
// same moment shares a call only within one store, and each has a cache.
func (p *Parts) Store(ctx context.Context, role string) (*eventstore.Store, error) {
	if store, opened := p.stores[role]; opened {
		return store, nil
	}
	pool, err := p.Pool(ctx, role)
	if err != nil {
		return nil, err
	}
	options := eventstore.Options{Signals: p.Signals, Logger: p.Log}
	if p.Settings.Secrets.MasterKey.IsSet() {
		if options.Persons, err = p.Persons(ctx, role); err != nil {
			return nil, err
		}
	}
	store := eventstore.New(pool, p.Events, options)
	p.closers = append(p.closers, func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), closePatience)
		defer cancel()
		_ = store.Close(ending) // whoever waited for an append was answered before, or is gone
	})
	p.stores[role] = store
	return store, nil
}

// Vault opens the members' connections as one role may use them.
func (p *Parts) Vault(ctx context.Context, role string) (*vault.Vault, error) {
	pool, err := p.Pool(ctx, role)
	if err != nil {
		return nil, err
	}
	keys, err := p.VaultKeys()
	if err != nil {
		return nil, err
	}
	return vault.Open(ctx, pool, keys)
}

// VaultKeys are what may open the vault.
func (p *Parts) VaultKeys() (keys vault.Keys, err error) {
	for _, one := range []struct {
		into *vault.Secret
		from config.Secret
	}{{&keys.Master, p.Settings.MasterKey}, {&keys.Wrapping, p.Settings.VaultKey}, {&keys.Old, p.Settings.VaultKeyOld}} {
		if !one.from.IsSet() {
			continue
		}
		key, err := masterkey.Parse(one.from.Reveal())
		if err != nil {
			return vault.Keys{}, err
		}
		*one.into = vault.NewSecret(key)
	}
	return keys, nil
}

// MasterKey is the setting's; its form was checked with the other settings.
func (p *Parts) MasterKey() ([]byte, error) {
	return masterkey.Parse(p.Settings.Secrets.MasterKey.Reveal())
}
