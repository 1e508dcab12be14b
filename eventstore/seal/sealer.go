// Package seal makes the log tamper-evident. Off the write path, one sealer
// gives the events up to the high-water mark a dense index in order of their
// positions, keeps a Merkle tree over them (RFC 6962), and signs what the tree
// is every few seconds while there is news. The signed checkpoints leave the
// database: whoever holds one proves that history only grew since.
//
// The expected pattern of a process that seals:
//
//	sealer, err := seal.NewSealer(seal.Options{Pool: pool, HighWater: signal, Keys: keys, Folder: folder})
//	go sealer.Run(ctx) // one of all processes seals, the others stand by
//
// and of one that proves:
//
//	proof, err := seal.NewLog(pool).Prove(ctx, scope, event)
//
// Package tree says what a leaf is, checkpoint what is signed, verify compares
// a database with a checkpoint, and export carries a workspace's history away.
package seal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/eventstore/internal/term"
	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/signal"
)

// How the sealer works.
const (
	defaultEvery = 2 * time.Second  // between two checkpoints
	afterBreak   = 30 * time.Second // before looking again at a seal that is broken
	pollHead     = 10 * time.Second // between two looks when nothing wakes it
)

// ErrElsewhere: another process seals.
var ErrElsewhere = errors.New("another process seals")

// Options are what a sealer works with.
type Options struct {
	Pool      *pgxpool.Pool     // under eventstore.RoleEngine, on the primary
	HighWater signal.Signal     // wakes it; nil: it looks every ten seconds
	Keys      string            // private keys, see checkpoint.ParseSigners
	Folder    checkpoint.Folder // outside the database
	Every     time.Duration     // between two checkpoints at least; 2 s when zero
	// Contradicted is told each time that the database is found not to continue
	// what was signed; nil: nobody is.
	Contradicted func(context.Context)
	Logger       *slog.Logger // nothing is logged when nil
}

// Sealer seals. Any number of processes run one; a session lock lets one of
// them work, and another one take over when its connection ends.
type Sealer struct {
	options Options
	keys    checkpoint.Signers
	public  []string
	reached atomic.Int64
	broken  atomic.Bool
}

// NewSealer checks the keys. It starts nothing.
func NewSealer(options Options) (*Sealer, error) {
	keys, err := checkpoint.ParseSigners(options.Keys)
	if err != nil {
		return nil, err
	}
	public, err := checkpoint.PublicKeys(options.Keys)
	if err != nil {
		return nil, err
	}
	if options.Folder == "" {
		return nil, errors.New("sealing needs a folder outside the database")
	}
	if options.Every == 0 {
		options.Every = defaultEvery
	}
	if options.HighWater == nil {
		options.HighWater = signal.NewLocal()
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	return &Sealer{options: options, keys: keys, public: public}, nil
}

// Position is the last position that this sealer has sealed; 0 while another one does.
func (s *Sealer) Position() int64 { return s.reached.Load() }

// Broken reports whether the sealer refuses to go on, because the database is
// not a continuation of what has been signed.
func (s *Sealer) Broken() bool { return s.broken.Load() }

// Run stands by, seals, and stands by again after a lost connection, until ctx
// ends; then it returns nil. A seal that is broken is said and left alone.
func (s *Sealer) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := s.term(ctx, true, s.lead)
		if ctx.Err() != nil {
			break
		}
		pause := term.Candidacy
		s.broken.Store(breaks(err))
		if s.Broken() {
			s.options.Logger.ErrorContext(ctx, "nothing is sealed any more: run behalf audit verify", "error", err)
			pause = afterBreak
			if s.options.Contradicted != nil {
				s.options.Contradicted(ctx)
			}
		} else {
			s.options.Logger.WarnContext(ctx, "sealing was interrupted", "error", err)
		}
		s.reached.Store(0)
		signal.Await(ctx, nil, pause)
	}
	return nil
}

// breaks reports that an error will not pass by itself: evidence contradicts
// other evidence, or is not what it should be.
func breaks(err error) bool {
	for _, wrong := range []error{ErrBroken, checkpoint.ErrUntrusted, checkpoint.ErrForged, checkpoint.ErrMalformed} {
		if errors.Is(err, wrong) {
			return true
		}
	}
	return false
}

// SealOnce seals everything up to the high-water mark and returns, or
// ErrElsewhere when another process seals.
func (s *Sealer) SealOnce(ctx context.Context) error {
	return s.term(ctx, false, func(ctx context.Context, conn *pgx.Conn) error {
		at, err := s.load(ctx, conn)
		for more := err == nil; more; {
			more, err = s.step(ctx, conn, &at)
		}
		return err
	})
}

const sqlStand = `
select pg_try_advisory_lock(25192, 3)`

// term is the life of one connection. Without patience it ends with
// ErrElsewhere when another process seals.
func (s *Sealer) term(ctx context.Context, patient bool, work func(context.Context, *pgx.Conn) error) error {
	return term.Serve(ctx, s.options.Pool, func(ctx context.Context, conn *pgx.Conn) error {
		for {
			var leads bool
			if err := conn.QueryRow(ctx, sqlStand).Scan(&leads); err != nil {
				return fmt.Errorf("stand by: %w", err)
			}
			if leads {
				return work(ctx, conn)
			}
			if !patient {
				return ErrElsewhere
			}
			if signal.Await(ctx, nil, term.Candidacy); ctx.Err() != nil {
				return ctx.Err()
			}
		}
	})
}

// lead seals whenever there is news, and not more often than it should.
func (s *Sealer) lead(ctx context.Context, conn *pgx.Conn) error {
	at, err := s.load(ctx, conn)
	if err != nil {
		return err
	}
	s.broken.Store(false)
	s.reached.Store(at.position)
	for {
		next := s.options.HighWater.Next()
		before := at.position
		more, err := s.step(ctx, conn, &at)
		switch {
		case err != nil:
			return err
		case more:
		case at.position > before:
			signal.Await(ctx, nil, s.options.Every)
		default:
			signal.Await(ctx, next, pollHead)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}
