// Package reading answers people's questions from the views: a file for each
// thing that is asked for, with its statements. Who asks sees one workspace.
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

// WaitFor waits until the view has handled the event at position, and answers
// how far it has come. The error is ctx's when ctx ends first.
func (r *Reader) WaitFor(ctx context.Context, view projections.View, position int64) (int64, error) {
	reached, err := r.progress.WaitForCheckpoint(ctx, view.Group(), position)
	if err != nil {
		return reached, fmt.Errorf("wait for %s: %w", view.Group(), err)
	}
	return reached, nil
}

// list asks for any number of rows. ask queues the queries that fill into, which
// is empty; it is called again when an answer was too old, or not of these tables.
func list[T any](ctx context.Context, r *Reader, scope eventstore.Scope, atLeast int64, views []projections.View,
	ask func(batch *pgx.Batch, into *[]T),
) (Answer[[]T], error) {
	look := func() (answer Answer[[]T], err error) {
		for range retiredTries {
			answer = Answer[[]T]{}
			answer.Position, answer.Parked, err = r.look(ctx, scope, atLeast, views, func(batch *pgx.Batch) { ask(batch, &answer.Value) })
			if !errors.Is(err, errRetired) {
				break
			}
			r.groups.forget(views)
		}
		answer.Reached = answer.Position >= atLeast
		return answer, err
	}
	answer, err := look()
	if err != nil || answer.Reached {
		return answer, err
	}
	for _, view := range views {
		switch _, err := r.WaitFor(ctx, view, atLeast); {
		case errors.Is(err, context.DeadlineExceeded):
			return answer, nil
		case err != nil:
			return answer, err
		}
	}
	newer, err := look()
	if errors.Is(err, context.DeadlineExceeded) {
		return answer, nil
	}
	return newer, err
}

// one asks for a single row.
func one[T any](ctx context.Context, r *Reader, scope eventstore.Scope, atLeast int64, views []projections.View,
	ask func(batch *pgx.Batch, into *[]T),
) (Answer[T], error) {
	found, err := list(ctx, r, scope, atLeast, views, ask)
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

// queue adds a query that fills into.
func queue[T any](batch *pgx.Batch, into *[]T, statement string, parameters ...any) {
	batch.Queue(statement, parameters...).Query(func(found pgx.Rows) (err error) {
		*into, err = rows.Collect[T](found)
		return err
	})
}

// Before the snapshot: whoever lets other tables be read waits until this
// transaction has ended, and one that begins then sees all of theirs.
const sqlSteady = `
lock table views.generations in access share mode`

// What is asked in one way only is planned once per connection (QueueOnce), and
// what begins with this each time. One statement asks for one row or for all, seen by somebody or by nobody: a
// plan for all of these cases would read whole workspaces to find one row.
const sqlPlanEach = `
select set_config('plan_cache_mode', 'force_custom_plan', true)`

// look runs the queries in one transaction and one round trip. It answers the
// position that all the views have reached in its snapshot, and whether one of
// them has parked what the asker waits for.
func (r *Reader) look(ctx context.Context, scope eventstore.Scope, atLeast int64, views []projections.View, ask func(*pgx.Batch)) (position int64, parked bool, err error) {
	groups, err := r.groups.of(ctx, r.pool, views)
	if err != nil {
		return 0, false, fmt.Errorf("ask %s: %w", views[0].Name, err)
	}
	batch := &pgx.Batch{}
	batch.Queue("begin isolation level repeatable read, read only")
	batch.Queue(sqlSteady)
	scope.QueueOnce(batch)
	if r.gate != nil {
		r.gate.Queue(batch)
	}
	queuePosition(batch, groups, &position)
	if atLeast > 0 {
		batch.Queue(sqlParked, groups, atLeast).QueryRow(func(row pgx.Row) error { return row.Scan(&parked) })
	}
	ask(batch)
	batch.Queue("commit")
	if err := r.pool.SendBatch(ctx, batch).Close(); err != nil {
		return 0, false, fmt.Errorf("ask %s: %w", views[0].Name, err)
	}
	return position, parked, nil
}

// queueEach adds a query and does something with each of its rows, which is
// another one's after that.
func queueEach[T any](batch *pgx.Batch, statement string, parameters []any, do func(*T)) {
	batch.Queue(statement, parameters...).Query(func(found pgx.Rows) error { return rows.Each(found, do) })
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

// atMost is a limit's parameter; null is none.
func atMost(limit int) any {
	if limit <= 0 {
		return nil
	}
	return limit
}

// word is a filter's parameter; null is none.
func word[T ~string](value T) any {
	if value == "" {
		return nil
	}
	return string(value)
}

// uuids are ids as a query's parameter.
func uuids[ID ~[16]byte](ids []ID) [][16]byte {
	plain := make([][16]byte, len(ids))
	for i, id := range ids {
		plain[i] = id
	}
	return plain
}
