// Package workers does what nobody waits for: it turns events into jobs, sends
// mails, publishes, finds out how unclear attempts ended, and sweeps up what
// was lost. Any number of processes may run it over one Postgres and one Redis.
//
// Postgres is the truth and Redis only the queue: losing all of Redis loses
// nothing, and while it is away publishing goes on from memory.
package workers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/telemetry"
	"behalf/internal/vault"
	"behalf/projections"
	"behalf/workers/departure"
	"behalf/workers/jobs"
	"behalf/workers/letters"
	"behalf/workers/meter"
	"behalf/workers/outbox"
	"behalf/workers/policy"
	"behalf/workers/publish"
	"behalf/workers/sweep"
)

// Deps is what the workers work with. They close none of it.
type Deps struct {
	Pool          *pgxpool.Pool     // under eventstore.RoleEngine
	Store         *eventstore.Store // over that pool
	Vault         *vault.Vault      // over that pool
	Networks      networks.Registry
	Mail          outbox.Sender
	Persons       personal.Opener             // opens addresses and names for mails
	Erase         func(context.Context) error // makes erasures take effect, see personkeys.Keys.Erase
	Redis         string                      // an address for internal/redisurl
	InvitationKey [32]byte                    // invitation links are derived from it
	PublicURL     string                      // where people reach Behalf, without a path
	Metrics       *telemetry.Metrics          // none when nil
	Logger        *slog.Logger                // nothing is logged when nil
	Now           func() time.Time            // time.Now when nil
}

// Settings are times and sizes; all but the last are required.
type Settings struct {
	Claim       time.Duration // how long an attempt to publish may take: 5 s to 10 min
	Sweep       time.Duration // between two sweeps: how late a lost job is at most; well below jobs.Ahead
	Drain       time.Duration // that Run may take to end once its context has
	Concurrency int           // jobs, and attempts to publish, at once: at least 1
	Digests     time.Duration // between two digests of one person; outbox.Apart when zero
}

// Workers are the workers of one process.
type Workers struct {
	settings  Settings
	logger    *slog.Logger
	queue     *jobs.Queue
	publisher *publish.Publisher
	policy    *policy.Policy
	clerk     *departure.Clerk
	sweeper   *sweep.Sweeper
	server    *server
}

// New puts the workers together. Nothing runs and nothing is connected before Run.
func New(deps Deps, settings Settings) (*Workers, error) {
	public, err := url.Parse(deps.PublicURL)
	if err != nil || public.Host == "" {
		return nil, errors.New("prepare workers: the public address is not one")
	}
	if settings.Claim <= 0 || settings.Sweep <= 0 || settings.Drain < 0 || settings.Concurrency < 1 {
		return nil, errors.New("prepare workers: a setting is missing")
	}
	if deps.Persons == nil || deps.Erase == nil {
		return nil, errors.New("prepare workers: who keeps the keys of people is missing")
	}
	if deps.Logger == nil {
		deps.Logger = slog.New(slog.DiscardHandler)
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	var counts *meter.Meter
	if deps.Metrics != nil {
		counts = meter.New(deps.Metrics)
	}
	queue, err := jobs.NewQueue(deps.Redis, counts)
	if err != nil {
		return nil, fmt.Errorf("prepare workers: %w", err)
	}
	w := &Workers{settings: settings, logger: deps.Logger, queue: queue}
	w.publisher = publish.New(publish.Deps{
		Store: deps.Store, Vault: deps.Vault, Networks: deps.Networks, Meter: counts, Logger: deps.Logger, Now: deps.Now,
		Life: settings.Claim, AtOnce: settings.Concurrency,
	})
	work, box := projections.NewWork(deps.Pool), outbox.New(deps.Pool)
	dispatch := dispatcher{queue: queue, publisher: w.publisher}
	w.clerk = departure.New(departure.Deps{
		Store: deps.Store, Work: work, Vault: deps.Vault, Meter: counts, Logger: deps.Logger, Now: deps.Now,
	})
	w.policy = &policy.Policy{Store: deps.Store, Held: work, Queue: dispatch, Gone: w.clerk.Wake, Logger: deps.Logger, Now: deps.Now}
	w.sweeper = sweep.New(sweep.Deps{
		Pool: deps.Pool, Store: deps.Store, Work: work, Box: box, Vault: deps.Vault, Queue: dispatch,
		Settle: w.clerk.Settle, Erase: deps.Erase,
		Meter: counts, Logger: deps.Logger, Now: deps.Now, Every: settings.Sweep, Apart: cmp.Or(settings.Digests, outbox.Apart),
	})
	postman := &outbox.Postman{Box: box, Sender: deps.Mail, Meter: counts, Logger: deps.Logger}
	w.server, err = newServer(deps.Redis, settings, deps.Logger, counts, map[string]handler{
		jobs.TypeMail: (&letters.Handler{
			Store: deps.Store, Postman: postman, Persons: deps.Persons, Key: deps.InvitationKey, Public: public, Now: deps.Now,
		}).ProcessTask,
		jobs.TypePublish:   w.publisher.HandleTarget,
		jobs.TypeReconcile: w.publisher.HandleClaim,
	})
	if err != nil {
		return nil, errors.Join(err, queue.Close())
	}
	return w, nil
}

// Ping reports whether Redis answers; without it the workers are degraded.
func (w *Workers) Ping(ctx context.Context) error { return w.queue.Ping(ctx) }

// Run works until ctx ends. Then nothing more is begun, what was begun may end
// within the drain time, and what still waited for its moment goes back into
// the queue. It can be called once.
func (w *Workers) Run(ctx context.Context) error {
	work, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	if err := w.server.start(); err != nil {
		return errors.Join(err, w.queue.Close())
	}
	var running sync.WaitGroup
	var left []jobs.Job
	var failed [3]error
	running.Go(func() { failed[0] = w.policy.Run(ctx) })
	running.Go(func() { failed[1] = w.sweeper.Run(ctx) })
	running.Go(func() { failed[2] = w.clerk.Run(ctx) })
	running.Go(func() { left = w.publisher.Run(ctx, work) })

	<-ctx.Done()
	defer time.AfterFunc(w.patience(), abandon).Stop()
	w.server.stop()
	running.Wait()
	w.handBack(work, left)
	return errors.Join(failed[0], failed[1], failed[2], w.queue.Close())
}

// patience leaves a tenth of the drain time for handing back.
func (w *Workers) patience() time.Duration { return w.settings.Drain * 9 / 10 }

// handBack lets other workers take over at once what the sweeper would bring them later.
func (w *Workers) handBack(ctx context.Context, left []jobs.Job) {
	ctx = context.WithoutCancel(ctx)
	for _, job := range left {
		if err := w.queue.Enqueue(ctx, job); err != nil {
			w.logger.WarnContext(ctx, "jobs are left to the sweeper", "error", err)
			return
		}
	}
}

// dispatcher goes around Redis while it is away: what concerns publishing waits
// for its moment in this process.
type dispatcher struct {
	queue     *jobs.Queue
	publisher *publish.Publisher
}

// Enqueue fails with jobs.ErrUnavailable only for what cannot be done without a queue.
func (d dispatcher) Enqueue(ctx context.Context, job jobs.Job) error {
	err := d.queue.Enqueue(ctx, job)
	if !errors.Is(err, jobs.ErrUnavailable) {
		return err
	}
	switch payload := job.Payload.(type) {
	case jobs.Target:
		d.publisher.Arm(payload)
		return nil
	case jobs.Claim:
		d.publisher.ArmReconcile(payload)
		return nil
	default:
		return err
	}
}
