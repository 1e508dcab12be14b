// Package rebuild makes a view's tables anew from the log, beside those that
// are read, and then lets them be read instead.
//
// Nobody notices: readers and the process that follows the log go on with the
// old tables until one transaction changes what their names stand for. A
// rebuild that is interrupted goes on where it was.
package rebuild

import (
	"context"
	"errors"
	"fmt"
	"time"

	"behalf/projections/engine"
	"behalf/projections/parking"
	"behalf/projections/rows"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Why a rebuild does not come to its end.
var (
	// ErrRunning says that somebody else is rebuilding the same view.
	ErrRunning = errors.New("somebody else is rebuilding this view")
	// ErrDifferent says that the new tables do not have as many rows as the old
	// ones, which are of the same version and at the same position.
	ErrDifferent = errors.New("the rebuilt tables have other numbers of rows than those that are read")
	// ErrHeld says that somebody did not let go of the tables for a long time.
	ErrHeld = errors.New("somebody holds the tables; see the long transactions in pg_stat_activity")
)

// Log is what a rebuild reads; *eventstore.Store over a pool under
// eventstore.RoleOwner is one.
type Log interface {
	engine.Log
	HighWater(ctx context.Context) (int64, error)
}

// Options are what a rebuild can do without.
type Options struct {
	// AcceptDifference lets the new tables be read whatever number of rows they
	// have: the old ones are known to be wrong.
	AcceptDifference bool
	Progress         func(Progress)    // told how far it is; nil for nobody
	Parked           func(engine.Told) // told of each event that it had to park; nil for nobody
}

// Stage is what a rebuild is doing.
type Stage string

// The stages, in their order.
const (
	Filling   Stage = "filling"   // positions of the log
	Finishing Stage = "finishing" // indexes
	Catching  Stage = "catching up"
	Switching Stage = "switching"
)

// Progress is how far a rebuild is.
type Progress struct {
	Stage       Stage
	Done, Total int64 // positions of the log; Total grows while events are written
}

// Report is what a rebuild has done.
type Report struct {
	Generation int   // of the tables that are read now
	Resumed    bool  // whether it went on with what an interrupted one had left
	Position   int64 // up to which the new tables are
	Events     int   // that it handled itself
	Compared   bool  // whether the old tables could be compared: of the same version, at the same position
	Tables     []Count
	Took       time.Duration
}

// Count is how many rows a table has.
type Count struct {
	Table         string
	Before, After int64 // Before is 0 where nothing was compared
}

// rebuild is one run.
type rebuild struct {
	pool    *pgxpool.Pool
	log     Log
	view    view.View
	options Options
	built   view.Generation
	seen    *rows.Seen
	tries   int // of what has to wait for others
	report  Report
}

// closeEnough is how many events may be left for the moment at which the
// process that follows the log has to wait.
const closeEnough = 1000

// Run rebuilds a view. The pool runs under eventstore.RoleOwner and has at
// least three connections.
func Run(ctx context.Context, pool *pgxpool.Pool, log Log, v view.View, options Options) (Report, error) {
	begun := time.Now()
	r := &rebuild{pool: pool, log: log, view: v, options: options}
	err := r.alone(ctx, func() error {
		if err := r.build(ctx); err != nil {
			return err
		}
		return r.switchOver(ctx)
	})
	r.report.Took = time.Since(begun)
	if err != nil {
		return r.report, fmt.Errorf("rebuild %s: %w", v.Name, err)
	}
	return r.report, nil
}

// build makes tables that are nearly up to date.
func (r *rebuild) build(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	if r.built.State == view.Filling {
		if err := r.fill(ctx, Filling, 0); err != nil {
			return err
		}
		r.tell(Finishing, r.report.Position, r.report.Position)
		if err := r.finish(ctx); err != nil {
			return err
		}
	}
	return r.fill(ctx, Catching, closeEnough)
}

// fill handles what there is, until at most so many positions are left.
func (r *rebuild) fill(ctx context.Context, stage Stage, left int64) error {
	for {
		head, err := r.log.HighWater(ctx)
		if err != nil {
			return err
		}
		if err := r.fillTo(ctx, stage, head); err != nil {
			return err
		}
		if head, err = r.log.HighWater(ctx); err != nil {
			return err
		}
		if head-r.report.Position <= max(left, 1) || stage == Filling {
			return nil
		}
	}
}

// fillTo handles everything up to a position.
func (r *rebuild) fillTo(ctx context.Context, stage Stage, position int64) error {
	filler := engine.Filler{
		Pool: r.pool, Log: r.log, View: r.view, Group: r.group(), Schema: r.view.Schema(r.built.Generation), New: r.seen,
		Progress: func(reached int64, events int) {
			r.report.Events += events
			r.tell(stage, reached, position)
		},
		Parked: r.options.Parked,
	}
	reached, err := filler.Fill(ctx, position)
	r.report.Position = max(r.report.Position, reached)
	return err
}

// group is the consumer group that fills the new tables.
func (r *rebuild) group() parking.Group {
	return parking.Group{Name: r.view.Building(r.built.Generation), View: r.view.Name, Live: r.view.Group()}
}

func (r *rebuild) tell(stage Stage, done, total int64) {
	if r.options.Progress != nil {
		r.options.Progress(Progress{Stage: stage, Done: done, Total: total})
	}
}
