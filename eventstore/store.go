// Package eventstore is the log: it appends events, folds them into the states
// that decisions are taken on, and hands them on to whoever reads along.
//
// The expected pattern of a caller that issues commands:
//
//	config, err := eventstore.PoolConfig(url, eventstore.RoleAPI)
//	pool, err := pgxpool.NewWithConfig(ctx, config)
//	registry, err := codec.NewRegistry(catalog.Aggregates()...)
//	store := eventstore.New(pool, registry, eventstore.Options{})
//	result, err := store.Execute(ctx, eventstore.Call{Type: …, Command: …, Workspace: …, By: …})
//
// and of one that reads along, with eventstore.RoleEngine:
//
//	go store.Lead(ctx) // one of all processes leads, the others stand by
//	subscriber, err := store.Subscriber("members-v1")
//	messages, err := subscriber.Subscribe(ctx, eventstore.Topic)
//
// Positions are drawn from a sequence and become visible out of order. Nobody
// reads past the high-water mark, below which nothing can appear any more; the
// process that leads moves it.
package eventstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain/personal"
	"behalf/eventstore/codec"
	"behalf/eventstore/internal/feed"
	"behalf/eventstore/internal/highwater"
	"behalf/eventstore/internal/states"
	"behalf/eventstore/signal"
)

// pollCheckpoint is how often WaitForCheckpoint looks when no signal reaches it.
const pollCheckpoint = 200 * time.Millisecond

// Store is the log. It is safe for concurrent use. It has goroutines only while
// an append is under way, for which Close waits, and while there are subscribers.
type Store struct {
	pool     *pgxpool.Pool
	registry *codec.Registry
	signals  Signals
	logger   *slog.Logger
	persons  personal.Sealer
	group    *appends
	states   *states.States
	leader   *highwater.Leader
	lookout  *feed.Lookout
}

// Options are what a Store can do without.
type Options struct {
	Signals Signals      // those missing work within this process alone
	Logger  *slog.Logger // nothing is logged when nil
	// Cache bounds what is kept of streams that were decided on lately, in bytes
	// of their events: 64 MiB when 0, nothing is kept when negative.
	Cache int
	// Persons seals what events and metadata hold of people (R66). Without it,
	// nothing that does can be appended.
	Persons personal.Sealer
}

// Signals are the three things that a store tells and waits for.
type Signals struct {
	Appended   signal.Signal // events were appended: wakes the high-water leader
	HighWater  signal.Signal // the high-water mark moved: wakes readers
	Checkpoint signal.Signal // a consumer group came further: wakes queries that wait for a position
}

// complete puts a signal of this process where there is none.
func (s Signals) complete() Signals {
	for _, one := range []*signal.Signal{&s.Appended, &s.HighWater, &s.Checkpoint} {
		if *one == nil {
			*one = signal.NewLocal()
		}
	}
	return s
}

// New makes a store over a pool that PoolConfig has described. Closing the
// pool is the caller's business.
func New(pool *pgxpool.Pool, registry *codec.Registry, options Options) *Store {
	logger := options.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	s := &Store{
		pool:     pool,
		registry: registry,
		signals:  options.Signals.complete(),
		logger:   logger,
		states:   states.New(registry, options.Cache),
		persons:  options.Persons,
		lookout:  feed.NewLookout(pool, pollBehind),
	}
	s.group = newAppends(s)
	s.leader = highwater.NewLeader(pool, logger, s.signals.Appended, s.signals.HighWater)
	return s
}

// Close takes no more appends and returns when those that were begun are done.
// When ctx ends first they are interrupted, and the error is ctx's. The pool is
// still the caller's to close, afterwards.
func (s *Store) Close(ctx context.Context) error {
	if err := s.group.Close(ctx); err != nil {
		return fmt.Errorf("end the appends under way: %w", err)
	}
	return nil
}

// Forget drops all that is kept of streams. No erasure needs it, in this process
// or another: states are folded from what is stored, in which personal texts
// are sealed, and they are opened in copies. A destroyed key closes them all
// (R66). It is for whoever wants to read the log itself again.
func (s *Store) Forget() { s.states.Clear() }

// Registry returns the event types that this store knows.
func (s *Store) Registry() *codec.Registry { return s.registry }

// Signals returns what the store tells and waits for.
func (s *Store) Signals() Signals { return s.signals }

// Fresh makes a new UUIDv7: domain.Actor's source of ids.
func Fresh() [16]byte { return uuid.Must(uuid.NewV7()) }

// Lead has this process stand for leader, which moves the high-water mark, and
// lead when no other one does, until ctx ends; then it returns nil. The pool has
// to run under RoleEngine, on the primary; one connection is taken out of it.
func (s *Store) Lead(ctx context.Context) error { return s.leader.Run(ctx) }

// HighWater returns the position up to which everything has been written and
// may be read; 0 in an empty log.
func (s *Store) HighWater(ctx context.Context) (int64, error) {
	position, err := highwater.Mark(ctx, s.pool)
	if err != nil {
		return 0, fmt.Errorf("read the high-water mark: %w", err)
	}
	return position, nil
}

const sqlNewest = `
select log.head()`

// Head returns the position of the newest event that anybody has been told of;
// 0 in an empty log. It may be past the high-water mark.
func (s *Store) Head(ctx context.Context) (int64, error) {
	var position int64
	if err := s.pool.QueryRow(ctx, sqlNewest).Scan(&position); err != nil {
		return 0, fmt.Errorf("read the head of the log: %w", err)
	}
	return position, nil
}

const sqlCheckpoint = `
select position
from log.checkpoints
where name = $1`

// Checkpoint returns the last position that a consumer group has handled; 0
// for a group that nobody has subscribed to yet.
func (s *Store) Checkpoint(ctx context.Context, group string) (int64, error) {
	var position int64
	err := s.pool.QueryRow(ctx, sqlCheckpoint, group).Scan(&position)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("read the checkpoint of %s: %w", group, err)
	}
	return position, nil
}

// WaitForCheckpoint waits until a consumer group has handled position, and
// returns how far it has come. When ctx ends first, the error is ctx's and
// reached is the last that was seen.
func (s *Store) WaitForCheckpoint(ctx context.Context, group string, position int64) (reached int64, err error) {
	for {
		next := s.signals.Checkpoint.Next()
		seen, err := s.Checkpoint(ctx, group)
		if err != nil {
			return reached, err
		}
		if reached = seen; reached >= position {
			return reached, nil
		}
		if signal.Await(ctx, next, pollCheckpoint); ctx.Err() != nil {
			return reached, ctx.Err()
		}
	}
}
