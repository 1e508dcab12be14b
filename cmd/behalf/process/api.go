package process

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"behalf/api"
	"behalf/api/limit"
	"behalf/api/oidc"
	"behalf/api/web"
	"behalf/cmd/behalf/crew"
	"behalf/eventstore"
	"behalf/internal/clock"
	"behalf/internal/masterkey"
	"behalf/internal/redisurl"
	"behalf/internal/vault"
	"behalf/projections/reading"
	"behalf/workers/jobs"
)

// StartAPI serves the API. The listener is closed with it.
func (p *Parts) StartAPI(ctx context.Context, c *crew.Crew, listener net.Listener) error {
	store, err := p.Store(ctx, eventstore.RoleAPI)
	if err != nil {
		return err
	}
	shared := sharedClock(ctx, store, time.Now)
	handler, err := p.api(ctx, shared.Now)
	if err != nil {
		return err
	}
	web.CollectLess()
	c.Start(ctx, "clock", shared.Run)
	c.Start(ctx, "API", func(ctx context.Context) error {
		return crew.ServeHTTP(ctx, listener, handler, p.Settings.Drain)
	})
	return nil
}

// sharedClock tells the time that workers go by as well: what the API decides
// is due, late or expired is not judged by its own host's clock. A database
// that is away is asked again by Run.
func sharedClock(ctx context.Context, store *eventstore.Store, own func() time.Time) *clock.Clock {
	shared := clock.New(own, store.Time)
	_ = shared.Sync(ctx) // see above
	return shared
}

func (p *Parts) api(ctx context.Context, now func() time.Time) (http.Handler, error) {
	pool, err := p.Pool(ctx, eventstore.RoleAPI)
	if err != nil {
		return nil, err
	}
	store, err := p.Store(ctx, eventstore.RoleAPI)
	if err != nil {
		return nil, err
	}
	opened, err := p.Vault(ctx, eventstore.RoleAPI)
	if err != nil {
		return nil, err
	}
	registry, err := p.networks(opened)
	if err != nil {
		return nil, err
	}
	people, err := p.Persons(ctx, eventstore.RoleAPI)
	if err != nil {
		return nil, err
	}
	checks, err := p.degradations(ctx, eventstore.RoleAPI)
	if err != nil {
		return nil, err
	}
	key, err := p.MasterKey()
	if err != nil {
		return nil, err
	}
	proxies, err := p.Settings.ProxyPrefixes()
	if err != nil {
		return nil, err
	}
	operators, err := p.Settings.OperatorIDs()
	if err != nil {
		return nil, err
	}
	counted, err := p.jobs()
	if err != nil {
		return nil, err
	}
	limits, err := p.limits(masterkey.Derive(key, IndexOfAddresses))
	if err != nil {
		return nil, err
	}
	keeper, err := p.media(ctx, eventstore.RoleAPI)
	if err != nil {
		return nil, err
	}
	shelf, err := p.shelf(ctx)
	if err != nil {
		return nil, err
	}
	return api.New(api.Deps{
		Pool: pool, Store: store, Views: reading.New(pool, store), Vault: opened, Networks: registry,
		Media: keeper, Archives: shelf,
		Persons: people, Erase: p.Erase(people),
		InvitationKey: masterkey.Derive(key, InvitationLinks), EmailIndexKey: masterkey.Derive(key, IndexOfAddresses),
		Providers: p.providers(),
		Limits:    limits,
		Proxies:   proxies,
		Origins:   p.Settings.Origins,
		Operators: operators,
		Jobs:      counted,
		PublicURL: p.Settings.PublicURL, Now: now, Logger: p.Log, Metrics: p.metrics, Health: checks,
	})
}

// limits counts in Redis what processes share. It is not waited for: without
// an answer each process counts for itself.
func (p *Parts) limits(key [32]byte) (*limit.Limiter, error) {
	options, err := redisurl.Parse(p.Settings.Secrets.RedisURL.Reveal())
	if err != nil {
		return nil, fmt.Errorf("limit requests: %w", err)
	}
	options.ContextTimeoutEnabled, options.MaxRetries = true, -1
	client := redisurl.Open(options)
	p.closers = append(p.closers, func() { _ = client.Close() })
	return limit.New(limit.Options{Redis: client, Key: key, Logger: p.Log}), nil
}

// jobs shows operators what is in Redis.
func (p *Parts) jobs() (*jobs.Inspector, error) {
	options, err := redisurl.Parse(p.Settings.Secrets.RedisURL.Reveal())
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	options.DialTimeout, options.ReadTimeout, options.MaxRetries = time.Second, time.Second, -1
	client := redisurl.Open(options)
	p.closers = append(p.closers, func() { _ = client.Close() })
	return jobs.NewInspector(client), nil
}

// providers are those of OpenID Connect that people can sign in with.
func (p *Parts) providers() []*oidc.Provider {
	var described []*oidc.Provider
	for _, provider := range p.Settings.Providers {
		secret := vault.NewSecret([]byte(provider.ClientSecret.Reveal()))
		described = append(described, oidc.NewProvider(provider.Name, provider.Issuer, provider.ClientID, secret))
	}
	return described
}
