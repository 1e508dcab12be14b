// Package quarantine keeps a log from publishing that may lack what has
// happened: one that was restored from a backup (R69). What was sent after the
// backup is not in it, and would be sent again.
//
// A restore is recognised by three things, each of which is enough:
//
//	copied    the log's tables are not where they were when they were last
//	          looked at: another cluster, database or table, as after pg_restore
//	timeline  the cluster is a copy that was promoted: restored from a physical
//	          backup, or a standby that may lack its primary's last commits
//	behind    the log has fewer beats than are known outside the database: in
//	          Redis, or in the memory of a worker that has seen the former log
//
// A beat is one confirmation, every few seconds. Losing Redis proves nothing: it
// begins no quarantine, and ends none. The quarantine itself is a row beside the
// log, which the last check before every send reads; an operator ends it.
package quarantine

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/eventstore"
	"behalf/workers/meter"
)

// every is how often the log is confirmed. What a restored file system lacks of
// the last interval is not noticed by the beats. Whoever waits for the end of a
// quarantine looks more often.
const (
	every     = 5 * time.Second
	whileHeld = time.Second
)

// Mark is one beat.
type Mark struct {
	Beat  int64
	Token uuid.UUID // tells two beats of one number apart
}

// Witness keeps the latest mark outside the database.
type Witness interface {
	// Recall answers the zero mark where nothing is kept.
	Recall(ctx context.Context, installation uuid.UUID) (Mark, error)
	// Keep replaces earlier marks, never later ones.
	Keep(ctx context.Context, installation uuid.UUID, mark Mark) error
}

// Watch confirms for one process, again and again, that the log is the one that
// was here before. It is safe for concurrent use. The methods of a nil Watch
// go by the row alone.
type Watch struct {
	pool    *pgxpool.Pool
	witness Witness
	meter   *meter.Meter
	logger  *slog.Logger

	held  atomic.Bool  // the row said so when it was last read
	doubt atomic.Int64 // not 0: the log is still to be looked at, so often it was asked for
	beat  atomic.Int64 // of known, for who reads along

	checking     sync.Mutex
	installation uuid.UUID
	known        Mark // the latest that this process has seen
	deaf         bool // the witness did not answer last time
}

// NewWatch makes a watch over a pool under the engine's role. Until its first
// Check nothing is published.
func NewWatch(pool *pgxpool.Pool, witness Witness, m *meter.Meter, logger *slog.Logger) *Watch {
	w := &Watch{pool: pool, witness: witness, meter: m, logger: logger}
	w.doubt.Store(1)
	return w
}

// Holds reports whether nothing is published, as far as this process knows: a
// quarantine holds, or the log is in doubt until Check has looked at it.
func (w *Watch) Holds() bool { return w != nil && (w.held.Load() || w.doubt.Load() != 0) }

// Restored reports whether a quarantine holds, to whoever records something for
// good because of it: a doubt proves nothing, and a quarantine that this process
// remembers may have ended while it was frozen. Either is looked into first. The
// error says that this cannot be done now.
func (w *Watch) Restored(ctx context.Context) (bool, error) {
	if !w.Holds() {
		return false, nil
	}
	if err := w.Check(ctx); err != nil {
		return false, err
	}
	return w.held.Load(), nil
}

// Look is called before the log is read for the last time before sending. What it
// answers reports whether what was read forbids to send: the quarantine's row says
// so, or the log has fewer beats than this process knew of when Look was called.
func (w *Watch) Look() (stops func(eventstore.Seen) bool) {
	if w == nil {
		return func(seen eventstore.Seen) bool { return seen.Held }
	}
	known := w.beat.Load()
	return func(seen eventstore.Seen) bool {
		switch {
		case seen.Held:
			w.held.Store(true) // until Check says something else
		case seen.Beat < known:
			w.doubt.Add(1)
		default:
			return false
		}
		return true
	}
}

// Run checks until ctx ends; then it returns nil.
func (w *Watch) Run(ctx context.Context) error {
	for {
		pause := every
		if w.Holds() {
			pause = whileHeld
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
		if err := w.Check(ctx); err != nil && ctx.Err() == nil {
			w.logger.WarnContext(ctx, "it is not known whether the log is the one that was here before", "error", err)
		}
	}
}

const sqlInstallation = `
select installation
from log.lineage`

const sqlBeat = `
select beat, token, held, begun
from log.beat($1, $2)`

// Check confirms the log, or begins a quarantine.
func (w *Watch) Check(ctx context.Context) error {
	w.checking.Lock()
	defer w.checking.Unlock()
	doubt := w.doubt.Load()
	var installation uuid.UUID
	if err := w.pool.QueryRow(ctx, sqlInstallation).Scan(&installation); err != nil {
		return fmt.Errorf("look which log this is: %w", err)
	}
	if installation != w.installation {
		w.installation, w.known = installation, Mark{}
	}
	latest := w.recall(ctx)
	var mark Mark
	var held bool
	var begun pgtype.Text
	err := w.pool.QueryRow(ctx, sqlBeat, pgtype.Int8{Int64: latest.Beat, Valid: latest.Beat > 0},
		pgtype.UUID{Bytes: latest.Token, Valid: latest.Beat > 0}).Scan(&mark.Beat, &mark.Token, &held, &begun)
	if err != nil {
		return fmt.Errorf("confirm the log: %w", err)
	}
	if begun.Valid {
		w.logger.ErrorContext(ctx, "the log may lack what has happened: nothing is published until an operator ends the quarantine", "reason", begun.String)
	}
	w.known = mark
	w.beat.Store(mark.Beat)
	w.held.Store(held)
	w.doubt.CompareAndSwap(doubt, 0) // one that came up meanwhile stays
	w.meter.Quarantined(held)
	w.keep(ctx, mark)
	return nil
}

// recall answers the latest mark that is known outside the database.
func (w *Watch) recall(ctx context.Context) Mark {
	kept, err := w.witness.Recall(ctx, w.installation)
	w.heard(ctx, err)
	if err == nil && kept.Beat > w.known.Beat {
		return kept
	}
	return w.known
}

func (w *Watch) keep(ctx context.Context, mark Mark) {
	if !w.deaf {
		w.heard(ctx, w.witness.Keep(ctx, w.installation, mark))
	}
}

// heard says once that the witness does not answer.
func (w *Watch) heard(ctx context.Context, err error) {
	if err != nil && !w.deaf {
		w.logger.WarnContext(ctx, "Redis does not answer: whether a database was restored is told without it until it does", "error", err)
	}
	w.deaf = err != nil
}
