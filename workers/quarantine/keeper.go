package quarantine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/eventstore"
	"behalf/projections"
	"behalf/workers/jobs"
	"behalf/workers/meter"
)

const (
	pause    = time.Second     // between two rounds of asking
	atOnce   = 8               // questions
	round    = 200             // targets at most
	askLife  = 2 * time.Minute // that one question may take
	shortest = 5 * time.Second // between two questions about one target
	longest  = 2 * time.Minute //
)

// Outcome is what became of a target.
type Outcome string

// The outcomes.
const (
	Later     Outcome = ""          // it cannot be said yet
	Published Outcome = "published" // the network shows it: that is recorded
	Absent    Outcome = "absent"    // it was certainly not sent: it waits for the end
	Unknown   Outcome = "unknown"   // nobody can say: a person decides (R59)
	NotDue    Outcome = "not_due"   // it was not to have gone out: nobody is asked
)

// Finding is what the network said about one target.
type Finding struct {
	Outcome Outcome
	Code    string        // of the failure, for Later
	Again   time.Duration // for Later: not before; zero for whenever
}

// Asker asks networks about targets, and records what they say; *judge.Judge does.
type Asker interface {
	// Reconsider finds out what became of a target that was to have gone out by
	// the moment a log was restored, as far as that knows.
	Reconsider(ctx context.Context, t jobs.Target, q Open, past Past) (Finding, error)
	// Forfeit leaves a target to a person.
	Forfeit(ctx context.Context, t jobs.Target) error
}

// Keeper asks the networks while a quarantine holds.
type Keeper struct {
	Pool   *pgxpool.Pool // under the engine's role
	Store  *eventstore.Store
	Watch  *Watch
	Asker  Asker
	Meter  *meter.Meter
	Logger *slog.Logger
}

// Run works until ctx ends; then it returns nil. Several processes share the work.
func (k *Keeper) Run(ctx context.Context) error {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if !k.Watch.Holds() {
			continue
		}
		if err := k.Round(ctx); err != nil && ctx.Err() == nil {
			k.Logger.WarnContext(ctx, "what may have been sent before the restore is not asked about yet", "error", err)
		}
	}
}

// Round asks about what is left, as far as it can be asked now.
func (k *Keeper) Round(ctx context.Context) error {
	q, open, err := readOpen(ctx, k.Pool)
	if err != nil || !open {
		return err
	}
	reached, err := k.Store.Checkpoint(ctx, projections.Posts.Group())
	if err != nil || reached < q.Position { // what is due is not known yet
		return err
	}
	all, err := readLeft(ctx, k.Pool, q.Forfeited, round)
	if err != nil {
		return err
	}
	var asking sync.WaitGroup
	var mutex sync.Mutex
	slots := make(chan struct{}, atOnce)
	for _, one := range all {
		slots <- struct{}{}
		asking.Go(func() {
			defer func() { <-slots }()
			if failed := k.one(ctx, q, one); failed != nil {
				mutex.Lock()
				defer mutex.Unlock()
				err = errors.Join(err, failed)
			}
		})
	}
	asking.Wait()
	return err
}

func (k *Keeper) one(ctx context.Context, q Open, one left) error {
	if ctx.Err() != nil {
		return nil
	}
	tries, taken, err := take(ctx, k.Pool, q, one, askLife)
	if err != nil || !taken {
		return err
	}
	asking, cancel := context.WithTimeout(ctx, askLife)
	defer cancel()
	found, err := k.find(asking, q, one)
	if err != nil {
		found = Finding{Code: "failed"}
		k.Logger.WarnContext(ctx, "a target is asked about again", "post", one.Post.String(), "error", err)
	}
	if found.Outcome == Later {
		found.Again = max(found.Again, min(shortest*time.Duration(tries), longest))
	} else {
		k.Meter.Reconsidered(string(found.Outcome))
	}
	return record(ctx, k.Pool, q, one, found)
}

func (k *Keeper) find(ctx context.Context, q Open, one left) (Finding, error) {
	past, err := readPast(ctx, k.Store, q, one)
	switch target := (jobs.Target{Workspace: one.Workspace, Post: one.Post, Account: one.Account, Due: one.Due.UTC()}); {
	case err != nil:
		return Finding{}, err
	case !past.WasDue:
		return Finding{Outcome: NotDue}, nil
	case q.Forfeited:
		return Finding{Outcome: Unknown}, k.Asker.Forfeit(ctx, target)
	default:
		return k.Asker.Reconsider(ctx, target, q, past)
	}
}
