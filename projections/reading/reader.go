// Package reading answers people's questions from the views: a file for each
// thing that is asked for, with its statements; what is asked about posts has a
// room of its own. Who asks sees one workspace.
package reading

import (
	"context"
	"errors"
	"fmt"

	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrNotFound says that there is no such row, or not for this scope (R32). The
// answer that comes with it tells whether the view was new enough to say so.
var ErrNotFound = errors.New("not found")

// Reader answers people's questions from the views. Each question is one round
// trip: the scope for row-level security, whoever decides whether the rows may
// be shown, the view's position and the rows, all of one snapshot. It is safe
// for concurrent use.
type Reader struct {
	pool     *pgxpool.Pool
	progress Progress
	groups   *groups
	gate     Gate // nil: who asks has been admitted, or sees nothing but their own
}

// Gate is asked in the transaction that reads the rows, before them, whenever
// that is done: what it learns is of the same moment as the last rows that came.
type Gate interface {
	Queue(batch *pgx.Batch)
}

// Behind makes a Reader whose questions are asked together with the gate's. The
// rows are answered whatever the gate says: they are not to be shown before it
// was asked. Unlike the Reader it comes from it is for one question at a time.
func (r *Reader) Behind(gate Gate) *Reader {
	behind := *r
	behind.gate = gate
	return &behind
}

// Progress tells how far consumer groups have come; *eventstore.Store does.
type Progress interface {
	// WaitForCheckpoint waits until the group has reached position or ctx ends.
	WaitForCheckpoint(ctx context.Context, group string, position int64) (reached int64, err error)
}

// New makes a Reader over a pool that runs under eventstore.RoleAPI.
func New(pool *pgxpool.Pool, progress Progress) *Reader {
	return &Reader{pool: pool, progress: progress, groups: &groups{}}
}

// Answer is what a question found, and how new that is.
//
// Every question names the position that the answer has to have reached; 0
// asks for what there is. When ctx's deadline comes first, the answer is what
// was there before waiting, with Reached unset and no error: give ctx the time
// that waiting may take.
type Answer[T any] struct {
	Value    T
	Position int64 // every event up to here is in the answer
	Reached  bool  // whether that is at least the position asked for
	Parked   bool  // whether the event at the position asked for, or another one of its command, was put aside
}

// List asks for any number of rows. ask queues the queries that fill into, which
// is empty; it is called again when an answer was too old, or not of these tables.
func List[T any](ctx context.Context, r *Reader, scope eventstore.Scope, atLeast int64, views []projections.View,
	ask func(batch *pgx.Batch, into *[]T),
) (answer Answer[[]T], err error) {
	for try := range tries {
		newer, groups, err := look(ctx, r, scope, atLeast, views, ask)
		if try > 0 && errors.Is(err, context.DeadlineExceeded) {
			return answer, nil
		}
		if answer = newer; err != nil || answer.Reached {
			return answer, err
		}
		switch err := r.wait(ctx, groups, atLeast); {
		case errors.Is(err, context.DeadlineExceeded):
			return answer, nil
		case err != nil:
			return answer, err
		}
	}
	return answer, nil
}

// tries is how often a question is asked in a row of which each finds a view's
// tables replaced since the last.
const tries = 5

// look is List without waiting. It answers whose progress its answer depends on too.
func look[T any](ctx context.Context, r *Reader, scope eventstore.Scope, atLeast int64, views []projections.View,
	ask func(batch *pgx.Batch, into *[]T),
) (answer Answer[[]T], groups []string, err error) {
	for range tries {
		if groups, err = r.groups.of(ctx, r.pool, views); err != nil {
			return answer, nil, fmt.Errorf("ask %s: %w", views[0].Name, err)
		}
		answer = Answer[[]T]{}
		var progress seen
		progress, err = r.send(ctx, scope, atLeast, groups, func(batch *pgx.Batch) { ask(batch, &answer.Value) })
		answer.Position, answer.Reached, answer.Parked = progress.position, progress.position >= atLeast, progress.parked
		if !progress.known {
			r.groups.forget(views)
		}
		if !errors.Is(err, errRetired) {
			break
		}
	}
	if err != nil {
		return answer, groups, fmt.Errorf("ask %s: %w", views[0].Name, err)
	}
	return answer, groups, nil
}

// wait waits until all the groups have handled the event at position. The error
// is ctx's when ctx ends first.
func (r *Reader) wait(ctx context.Context, groups []string, position int64) error {
	for _, group := range groups {
		if _, err := r.progress.WaitForCheckpoint(ctx, group, position); err != nil {
			return fmt.Errorf("wait for %s: %w", group, err)
		}
	}
	return nil
}

// One asks for a single row, and answers ErrNotFound where there is none.
func One[T any](ctx context.Context, r *Reader, scope eventstore.Scope, atLeast int64, views []projections.View,
	ask func(batch *pgx.Batch, into *[]T),
) (Answer[T], error) {
	found, err := List(ctx, r, scope, atLeast, views, ask)
	var value T
	switch {
	case err != nil:
	case len(found.Value) == 0:
		err = ErrNotFound
	default:
		value = found.Value[0]
	}
	return instead(found, value), err
}

// instead is an answer with another value in it.
func instead[T, U any](found Answer[T], value U) Answer[U] {
	return Answer[U]{Value: value, Position: found.Position, Reached: found.Reached, Parked: found.Parked}
}

// Before the snapshot: whoever lets other tables be read waits until this
// transaction has ended, and one that begins then sees all of theirs.
const sqlSteady = `
lock table views.generations in access share mode`

const sqlPlanEach = `
select set_config('plan_cache_mode', 'force_custom_plan', true)`

// PlanEach has what a question asks after it planned each time; what is asked in one
// way only is planned once per connection (QueueOnce). One statement asks for one
// row or for all, seen by somebody or by nobody: a plan for all of these cases would
// read whole workspaces to find one row.
func PlanEach(batch *pgx.Batch) { batch.Queue(sqlPlanEach) }

// seen is what a snapshot knows of the groups that were asked about.
type seen struct {
	position int64 // that all of them have reached; 0 where one has not begun
	known    bool  // every one has begun, and none was retired
	parked   bool  // one of them has put aside what the asker waits for
}

// send asks in one transaction and one round trip.
func (r *Reader) send(ctx context.Context, scope eventstore.Scope, atLeast int64, groups []string, ask func(*pgx.Batch)) (seen, error) {
	var progress seen
	batch := &pgx.Batch{}
	batch.Queue("begin isolation level repeatable read, read only")
	batch.Queue(sqlSteady)
	scope.QueueOnce(batch)
	if r.gate != nil {
		r.gate.Queue(batch)
	}
	progress.queuePosition(batch, groups)
	if atLeast > 0 {
		progress.queueParked(batch, groups, atLeast)
	}
	ask(batch)
	batch.Queue("commit")
	err := r.pool.SendBatch(ctx, batch).Close()
	return progress, err
}

// NameKey is the place of something in a list by name.
type NameKey struct {
	Name string   `json:"n"`
	ID   [16]byte `json:"i"`
}

func (k *NameKey) parameters() (name, id any) {
	if k == nil {
		return nil, nil
	}
	return k.Name, rows.UUID(k.ID)
}
