package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"

	"behalf/api"
	"behalf/api/limit"
	"behalf/api/oidc"
	"behalf/eventstore"
	"behalf/eventstore/metrics"
	"behalf/internal/mail"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/redissignal"
	"behalf/internal/redisurl"
	"behalf/internal/vault"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/workers"
)

// What keys derived from the master key are for. Changing one of these texts
// makes what was derived before worthless.
const (
	invitationLinks  = "invitation links"
	indexOfAddresses = "index of addresses"
)

// startSignals lets wake-ups cross processes. Without Redis the stores of this
// process wake each other, and poll for the rest.
func (p *parts) startSignals(ctx context.Context, c *crew) error {
	options, err := redisurl.Parse(p.settings.Secrets.RedisURL.Reveal())
	if err != nil {
		return err
	}
	client := redis.NewClient(options)
	p.closers = append(p.closers, func() { _ = client.Close() })
	const appended, highWater, checkpoint, erased = "appended", "high_water", "checkpoint", "erased"
	bus := redissignal.New(client, "behalf:wake", p.log, appended, highWater, checkpoint, erased)
	p.erased = bus.Signal(erased)
	p.signals = eventstore.Signals{
		Appended: bus.Signal(appended), HighWater: bus.Signal(highWater), Checkpoint: bus.Signal(checkpoint),
	}
	c.start(ctx, "signals", bus.Run)
	return nil
}

// startLeader stands for high-water leader, and shows what holds the log up.
func (p *parts) startLeader(ctx context.Context, c *crew) error {
	store, err := p.store(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	if err := p.metrics.Registry().Register(metrics.New(store, p.log)); err != nil {
		return fmt.Errorf("measure the log: %w", err)
	}
	c.start(ctx, "high-water leader", eventstore.NewLeader(store).Run)
	return nil
}

// startProjections keeps the views up to date.
func (p *parts) startProjections(ctx context.Context, c *crew) error {
	pool, err := p.pool(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	store, err := p.store(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	views, err := engine.New(pool, store, engine.Options{
		Views: projections.Views(), Logger: p.log, Metrics: p.metrics.Registry(),
	})
	if err != nil {
		return err
	}
	c.start(ctx, "projections", views.Run)
	return nil
}

// startWorkers sends mails and publishes.
func (p *parts) startWorkers(ctx context.Context, c *crew) error {
	pool, err := p.pool(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	store, err := p.store(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	opened, err := p.vault(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	registry, err := p.networks()
	if err != nil {
		return err
	}
	people, err := p.persons(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	sender, err := mail.New(p.settings.Secrets.SMTPURL.Reveal(), p.settings.MailFrom)
	if err != nil {
		return err
	}
	key, err := p.masterKey()
	if err != nil {
		return err
	}
	staff, err := workers.New(workers.Deps{
		Pool: pool, Store: store, Vault: opened, Networks: registry, Mail: sender,
		Persons: people, Erase: p.erase(people),
		Redis: p.settings.Secrets.RedisURL.Reveal(), InvitationKey: vault.DeriveKey(key, invitationLinks),
		PublicURL: p.settings.PublicURL, Metrics: p.metrics, Logger: p.log,
	}, workers.Settings{
		Claim: p.settings.Claim, Sweep: p.settings.Sweep, Drain: p.settings.Drain, Concurrency: p.settings.Concurrency,
	})
	if err != nil {
		return err
	}
	c.start(ctx, "workers", staff.Run)
	return nil
}

// startAPI serves the API. The listener is closed with it.
func (p *parts) startAPI(ctx context.Context, c *crew, listener net.Listener) error {
	handler, err := p.api(ctx)
	if err != nil {
		return err
	}
	c.start(ctx, "API", func(ctx context.Context) error {
		return serveHTTP(ctx, listener, handler, p.settings.Drain)
	})
	return nil
}

func (p *parts) api(ctx context.Context) (http.Handler, error) {
	pool, err := p.pool(ctx, eventstore.RoleAPI)
	if err != nil {
		return nil, err
	}
	store, err := p.store(ctx, eventstore.RoleAPI)
	if err != nil {
		return nil, err
	}
	opened, err := p.vault(ctx, eventstore.RoleAPI)
	if err != nil {
		return nil, err
	}
	registry, err := p.networks()
	if err != nil {
		return nil, err
	}
	people, err := p.persons(ctx, eventstore.RoleAPI)
	if err != nil {
		return nil, err
	}
	checks, err := p.degradations(ctx, eventstore.RoleAPI)
	if err != nil {
		return nil, err
	}
	key, err := p.masterKey()
	if err != nil {
		return nil, err
	}
	proxies, err := p.settings.ProxyPrefixes()
	if err != nil {
		return nil, err
	}
	limits, err := p.limits(vault.DeriveKey(key, indexOfAddresses))
	if err != nil {
		return nil, err
	}
	return api.New(api.Deps{
		Pool: pool, Store: store, Views: projections.NewReader(pool, store), Vault: opened, Networks: registry,
		Persons: people, Erase: p.erase(people),
		InvitationKey: vault.DeriveKey(key, invitationLinks), EmailIndexKey: vault.DeriveKey(key, indexOfAddresses),
		Providers: p.providers(),
		Limits:    limits,
		Proxies:   proxies,
		Origins:   p.settings.Origins,
		PublicURL: p.settings.PublicURL, Now: time.Now, Logger: p.log, Metrics: p.metrics, Health: checks,
	})
}

// limits counts in Redis what processes share. It is not waited for: without
// an answer each process counts for itself.
func (p *parts) limits(key [32]byte) (*limit.Limiter, error) {
	options, err := redisurl.Parse(p.settings.Secrets.RedisURL.Reveal())
	if err != nil {
		return nil, fmt.Errorf("limit requests: %w", err)
	}
	options.ContextTimeoutEnabled, options.MaxRetries = true, -1
	client := redis.NewClient(options)
	p.closers = append(p.closers, func() { _ = client.Close() })
	return limit.New(limit.Options{Redis: client, Key: key, Logger: p.log}), nil
}

// providers are those of OpenID Connect that people can sign in with.
func (p *parts) providers() []*oidc.Provider {
	var described []*oidc.Provider
	for _, provider := range p.settings.Providers {
		secret := vault.NewSecret([]byte(provider.ClientSecret.Reveal()))
		described = append(described, oidc.NewProvider(provider.Name, provider.Issuer, provider.ClientID, secret))
	}
	return described
}

// networks are the connectors that this installation is configured for, made once.
func (p *parts) networks() (networks.Registry, error) {
	if p.connectors != nil {
		return p.connectors, nil
	}
	p.connectors = networks.Registry{}
	if p.settings.SandboxURL == "" {
		return p.connectors, nil
	}
	connector, err := sandbox.New(sandbox.Config{
		URL: p.settings.SandboxURL, ClientID: p.settings.SandboxClientID,
		ClientSecret: networks.NewSecret(p.settings.Secrets.SandboxClientSecret.Reveal()),
	})
	if err != nil {
		return nil, fmt.Errorf("offer the sandbox network: %w", err)
	}
	p.closers = append(p.closers, connector.Close)
	p.connectors[sandbox.Name] = connector
	return p.connectors, nil
}
