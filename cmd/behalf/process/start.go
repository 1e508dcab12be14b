package process

import (
	"context"
	"fmt"

	"behalf/cmd/behalf/crew"
	"behalf/eventstore"
	"behalf/eventstore/metrics"
	"behalf/internal/archives"
	"behalf/internal/mail"
	"behalf/internal/masterkey"
	"behalf/internal/redissignal"
	"behalf/internal/redisurl"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/workers"
)

// What keys derived from the master key are for. Changing one of these texts
// makes what was derived before worthless.
const (
	InvitationLinks  = "invitation links"
	IndexOfAddresses = "index of addresses"
	mediaAddresses   = "addresses of media"
)

// startSignals lets wake-ups cross processes. Without Redis the stores of this
// process wake each other, and poll for the rest.
func (p *Parts) startSignals(ctx context.Context, c *crew.Crew) error {
	options, err := redisurl.Parse(p.Settings.Secrets.RedisURL.Reveal())
	if err != nil {
		return err
	}
	client := redisurl.Open(options)
	p.closers = append(p.closers, func() { _ = client.Close() })
	const appended, highWater, checkpoint, erased, queued = "appended", "high_water", "checkpoint", "erased", "queued"
	bus := redissignal.New(client, "behalf:wake", p.Log, appended, highWater, checkpoint, erased, queued)
	p.Erased, p.queued = bus.Signal(erased), bus.Signal(queued)
	p.Signals = eventstore.Signals{
		Appended: bus.Signal(appended), HighWater: bus.Signal(highWater), Checkpoint: bus.Signal(checkpoint),
	}
	c.Start(ctx, "signals", bus.Run)
	return nil
}

// StartLeader stands for high-water leader, and shows what holds the log up.
func (p *Parts) StartLeader(ctx context.Context, c *crew.Crew) error {
	store, err := p.Store(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	if err := p.metrics.Registry().Register(metrics.New(store, p.Log)); err != nil {
		return fmt.Errorf("measure the log: %w", err)
	}
	c.Start(ctx, "high-water leader", store.Lead)
	return nil
}

// StartProjections keeps the views up to date.
func (p *Parts) StartProjections(ctx context.Context, c *crew.Crew) error {
	pool, err := p.Pool(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	store, err := p.Store(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	views, err := engine.New(pool, store, engine.Options{
		Views: projections.Views(), Logger: p.Log, Metrics: p.metrics.Registry(),
	})
	if err != nil {
		return err
	}
	c.Start(ctx, "projections", views.Run)
	return nil
}

// StartWorkers sends mails and publishes.
func (p *Parts) StartWorkers(ctx context.Context, c *crew.Crew) error {
	pool, err := p.Pool(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	store, err := p.Store(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	opened, err := p.Vault(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	registry, err := p.networks(opened)
	if err != nil {
		return err
	}
	people, err := p.Persons(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	sender, err := mail.New(p.Settings.Secrets.SMTPURL.Reveal(), p.Settings.MailFrom)
	if err != nil {
		return err
	}
	key, err := p.MasterKey()
	if err != nil {
		return err
	}
	keeper, err := p.media(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	history, able, err := p.history(pool)
	if err != nil {
		return err
	}
	var shelf *archives.Shelf
	if able {
		if shelf, err = p.shelf(ctx); err != nil {
			return err
		}
	}
	staff, err := workers.New(workers.Deps{
		Pool: pool, Store: store, Vault: opened, Networks: registry, Media: keeper, Mail: sender,
		Archives: shelf, History: history,
		Persons: people, Erase: p.Erase(people), Keys: people,
		Redis: p.Settings.Secrets.RedisURL.Reveal(), Queued: p.queued, InvitationKey: masterkey.Derive(key, InvitationLinks),
		PublicURL: p.Settings.PublicURL, Metrics: p.metrics, Logger: p.Log,
	}, workers.Settings{
		Claim: p.Settings.Claim, Sweep: p.Settings.Sweep, Drain: p.Settings.Drain, Concurrency: p.Settings.Concurrency,
	})
	if err != nil {
		return err
	}
	c.Start(ctx, "workers", staff.Run)
	return nil
}
