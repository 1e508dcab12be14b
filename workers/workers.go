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

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/eventstore/seal/export"
	"behalf/eventstore/signal"
	"behalf/internal/archives"
	"behalf/internal/clock"
	"behalf/internal/media"
	"behalf/internal/networks"
	"behalf/internal/telemetry"
	"behalf/internal/vault"
	"behalf/projections/work"
	"behalf/workers/archive"
	"behalf/workers/care"
	"behalf/workers/departure"
	"behalf/workers/jobs"
	"behalf/workers/letters"
	"behalf/workers/meter"
	"behalf/workers/observe"
	"behalf/workers/outbox"
	"behalf/workers/policy"
	"behalf/workers/publish"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/shelf"
	"behalf/workers/quarantine"
	"behalf/workers/sweep"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Deps is what the workers work with. They close none of it.
type Deps struct {
	Pool          *pgxpool.Pool     // under eventstore.RoleEngine
	Store         *eventstore.Store // over that pool
	Vault         *vault.Vault      // over that pool
	Networks      networks.Registry
	Media         *media.Keeper // over that pool; nil: none are kept
	Mail          outbox.Sender
	Persons       personal.Opener             // opens addresses and names for mails
	Erase         func(context.Context) error // makes erasures take effect, see personkeys.Keys.Erase
	Keys          departure.Keys              // of workspaces
	Archives      *archives.Shelf             // where archives of workspaces are kept; none are made when nil
	History       export.Source               // of the histories in them; only asked with Archives
	Redis         string                      // an address for internal/redisurl
	Queued        signal.Signal               // a job was put there that can be taken; within this process alone when nil
	InvitationKey [32]byte                    // invitation links are derived from it
	PublicURL     string                      // where people reach Behalf, without a path
	Metrics       *telemetry.Metrics          // none when nil
	Logger        *slog.Logger                // nothing is logged when nil
	Now           func() time.Time            // this process's clock; time.Now when nil
	Time          clock.Ask                   // the clock that counts; the database's when nil, or Now where that is chosen
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
	clock     *clock.Clock
	queue     *jobs.Queue
	publisher *publish.Publisher
	watch     *quarantine.Watch
	asking    *quarantine.Keeper
	observer  *observe.Observer
	policy    *policy.Policy
	clerk     *departure.Clerk
	archivist *archive.Archivist // nil where no archives are made
	keeper    *care.Keeper
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
	if deps.Persons == nil || deps.Erase == nil || deps.Keys == nil {
		return nil, errors.New("prepare workers: who keeps the keys of people is missing")
	}
	if deps.Logger == nil {
		deps.Logger = slog.New(slog.DiscardHandler)
	}
	switch own := deps.Now; {
	case own == nil:
		deps.Now = time.Now
	case deps.Time == nil:
		deps.Time = func(context.Context) (time.Time, error) { return own(), nil }
	}
	if deps.Time == nil {
		deps.Time = deps.Store.Time
	}
	var counts *meter.Meter
	if deps.Metrics != nil {
		counts = meter.New(deps.Metrics)
	}
	queue, err := jobs.NewQueue(deps.Redis, counts)
	if err != nil {
		return nil, fmt.Errorf("prepare workers: %w", err)
	}
	if deps.Queued == nil {
		deps.Queued = signal.NewLocal()
	}
	queue.Queued = deps.Queued.Notify
	w := &Workers{settings: settings, logger: deps.Logger, queue: queue}
	w.clock = clock.New(deps.Now, deps.Time)
	deps.Now = w.clock.Now // from here on everybody goes by the database's clock
	w.watch = quarantine.NewWatch(deps.Pool, quarantine.InRedis{Client: queue.Redis()}, counts, deps.Logger)
	pacing := pace.New(queue.Redis(), deps.Logger, w.clock.Own)
	w.publisher = publish.New(publish.Deps{
		Watch: w.watch,
		Store: deps.Store, Vault: deps.Vault, Networks: deps.Networks, Persons: deps.Persons, Media: deps.Media, Meter: counts, Logger: deps.Logger,
		Shelf: shelf.New(deps.Pool), Pace: pacing, Clock: w.clock,
		Life: settings.Claim, AtOnce: max(settings.Concurrency*sendsPerSlot, leastSends),
	})
	w.asking = &quarantine.Keeper{Pool: deps.Pool, Store: deps.Store, Watch: w.watch, Asker: w.publisher.Judge(), Meter: counts, Logger: deps.Logger}
	w.observer = &observe.Observer{
		Pool: deps.Pool, Jobs: jobs.NewInspector(queue.Redis()), Breakers: pacing.Open, Meter: counts, Logger: deps.Logger, Now: deps.Now,
	}
	pending, box := work.NewReader(deps.Pool), outbox.New(deps.Pool)
	dispatch := dispatcher{queue: queue, publisher: w.publisher}
	w.keeper = care.New(care.Deps{
		Store: deps.Store, Vault: deps.Vault, Work: pending, Networks: deps.Networks, Meter: counts, Logger: deps.Logger, Now: deps.Now,
	})
	var emptied func(context.Context, domain.WorkspaceID) error
	if deps.Archives != nil {
		emptied = deps.Archives.DestroyAll
	}
	w.clerk = departure.New(departure.Deps{
		Pool: deps.Pool, Store: deps.Store, Work: pending, Vault: w.keeper, Keys: deps.Keys, Clear: emptied, Meter: counts, Logger: deps.Logger, Now: deps.Now,
	})
	w.sweeper = sweep.New(sweep.Deps{
		Pool: deps.Pool, Store: deps.Store, Work: pending, Box: box, Vault: deps.Vault, Queue: dispatch,
		Held: w.watch.Holds, Settle: w.clerk.Settle, Erase: deps.Erase, Tidy: w.publisher.Tidy, Media: sweeping(deps.Media, pending),
		Meter: counts, Logger: deps.Logger, Now: deps.Now, Every: settings.Sweep, Apart: cmp.Or(settings.Digests, outbox.Apart),
	})
	w.policy = &policy.Policy{
		Store: deps.Store, Held: pending, Queue: directly{dispatch, w.clock.Now}, Gone: w.clerk.Wake, Resumed: w.sweeper.Resumed, Logger: deps.Logger, Now: deps.Now,
	}
	if deps.Archives != nil {
		w.archivist = archive.New(archive.Deps{
			Pool: deps.Pool, Store: deps.Store, Work: pending, Persons: deps.Persons, Media: packing(deps.Media), History: deps.History,
			Shelf: deps.Archives, Meter: counts, Logger: deps.Logger, Now: deps.Now,
		})
	}
	postman := &outbox.Postman{Box: box, Sender: deps.Mail, Meter: counts, Logger: deps.Logger}
	w.server, err = newServer(deps.Redis, deps.Queued, settings, deps.Logger, counts, map[string]handler{
		jobs.TypeMail: (&letters.Handler{
			Store: deps.Store, Postman: postman, Persons: deps.Persons, Key: deps.InvitationKey, Public: public, Now: deps.Now,
		}).ProcessTask,
		jobs.TypePublish:   w.publisher.HandleTarget,
		jobs.TypeReconcile: w.publisher.HandleClaim,
		jobs.TypePreflight: w.publisher.HandlePreflight,
		jobs.TypeDelete:    w.publisher.HandleDelete,
	})
	if err != nil {
		return nil, errors.Join(err, queue.Close())
	}
	return w, nil
}

// A call to a network costs little more than waiting for its answer.
const (
	sendsPerSlot = 16
	leastSends   = 64
)

// Ping reports whether Redis answers; without it the workers are degraded.
func (w *Workers) Ping(ctx context.Context) error { return w.queue.Ping(ctx) }

// Run works until ctx ends. Then nothing more is begun, what was begun may end
// within the drain time, and what still waited for its moment goes back into
// the queue. It can be called once.
func (w *Workers) Run(ctx context.Context) error {
	work, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	w.until(ctx, "the database does not tell the time", w.clock.Sync)
	w.until(ctx, "it is not known whether the log is the one that was here before", w.watch.Check)
	if err := w.server.start(); err != nil {
		return errors.Join(err, w.queue.Close())
	}
	var running sync.WaitGroup
	var left []jobs.Job
	var failed [8]error
	running.Go(func() { _ = w.clock.Run(ctx) }) // it answers nil
	running.Go(func() { failed[0] = w.policy.Run(ctx) })
	running.Go(func() { failed[1] = w.sweeper.Run(ctx) })
	running.Go(func() { failed[2] = w.clerk.Run(ctx) })
	if w.archivist != nil {
		running.Go(func() { failed[3] = w.archivist.Run(ctx) })
	}
	running.Go(func() { failed[4] = w.keeper.Run(ctx) })
	running.Go(func() { failed[5] = w.watch.Run(ctx) })
	running.Go(func() { failed[6] = w.asking.Run(ctx) })
	running.Go(func() { failed[7] = w.observer.Run(ctx) })
	running.Go(func() { left = w.publisher.Run(ctx, work) })

	<-ctx.Done()
	defer time.AfterFunc(w.patience(), abandon).Stop()
	w.server.stop()
	running.Wait()
	w.handBack(work, left)
	return errors.Join(append(failed[:], w.queue.Close())...)
}

// until waits for what nothing is decided without: the time, which is not this
// process's own clock's to tell, and that the log is the one that was here before (R69).
func (w *Workers) until(ctx context.Context, complaint string, done func(context.Context) error) {
	for ctx.Err() == nil {
		err := done(ctx)
		if err == nil {
			return
		}
		w.logger.WarnContext(ctx, complaint, "error", err)
		timer := time.NewTimer(time.Second)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
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
