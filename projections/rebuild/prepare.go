package rebuild

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"behalf/projections/rows"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
)

const sqlAlone = `
select pg_try_advisory_lock(hashtextextended('behalf rebuild ' || $1, 0))`

const sqlLetOthers = `
select pg_advisory_unlock(hashtextextended('behalf rebuild ' || $1, 0))`

const (
	goodbye   = time.Second            // that closing a connection may take
	lingering = 20                     // tries to be alone: Postgres notices an ended session a moment later
	tryAgain  = 100 * time.Millisecond // between two of them
)

// alone does something while nobody else rebuilds the view. A session holds
// the lock: who is killed lets go of it.
func (r *rebuild) alone(ctx context.Context, do func() error) error {
	pooled, err := r.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	conn := pooled.Hijack()
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
		defer cancel()
		_, _ = conn.Exec(ending, sqlLetOthers, r.view.Name)
		_ = conn.Close(ending) // the session ends either way, and its lock with it
	}()
	if err := r.lock(ctx, conn); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return conn.Ping(ctx) // were it gone, so would be what kept others away
}

func (r *rebuild) lock(ctx context.Context, conn *pgx.Conn) error {
	for range lingering {
		var alone bool
		if err := conn.QueryRow(ctx, sqlAlone, r.view.Name).Scan(&alone); err != nil {
			return fmt.Errorf("lock the view: %w", err)
		}
		if alone {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(tryAgain):
		}
	}
	return ErrRunning
}

// prepare finds the tables that an interrupted rebuild has left, or makes new
// ones, and clears away what nobody can use any more.
func (r *rebuild) prepare(ctx context.Context) error {
	return pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		left, found, err := r.view.BeingBuilt(ctx, tx)
		if err != nil {
			return err
		}
		usable := found && left.Version == r.view.Version && bytes.Equal(left.Definition, r.view.Definition())
		if found && !usable {
			if err := r.discard(ctx, tx, left); err != nil {
				return err
			}
		}
		if err := r.clear(ctx, tx); err != nil {
			return err
		}
		if usable {
			r.built, r.report.Resumed, r.report.Generation = left, true, left.Generation
			return nil
		}
		r.seen = rows.NewSeen()
		r.built, err = r.view.Begin(ctx, tx)
		r.report.Generation = r.built.Generation
		return err
	})
}

const sqlLeaveGroup = `
delete from log.checkpoints
where name = $1`

// discard removes tables that were not finished.
func (r *rebuild) discard(ctx context.Context, tx pgx.Tx, left view.Generation) error {
	theirs := r.view
	theirs.Version = left.Version
	group := r.group()
	group.Name = theirs.Building(left.Generation)
	if err := group.Forget(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlLeaveGroup, group.Name); err != nil {
		return fmt.Errorf("leave the group %s: %w", group.Name, err)
	}
	return r.view.Remove(ctx, tx, left.Generation)
}

const sqlLeftOver = `
select (regexp_match(n.nspname, '^views_' || $1 || '_(\d+)$'))[1]::integer
from pg_namespace as n
where n.nspname ~ ('^views_' || $1 || '_\d+$')
and not exists (
	select
	from views.generations as g
	where g.view = $1
	and n.nspname = 'views_' || g.view || '_' || g.generation
)`

// clear drops tables that were replaced, by a rebuild that did not live to do it.
func (r *rebuild) clear(ctx context.Context, tx pgx.Tx) error {
	found, err := tx.Query(ctx, sqlLeftOver, r.view.Name)
	if err != nil {
		return fmt.Errorf("look for old tables: %w", err)
	}
	old, err := pgx.CollectRows(found, pgx.RowTo[int])
	if err != nil {
		return fmt.Errorf("look for old tables: %w", err)
	}
	for _, generation := range old {
		if err := r.view.Drop(ctx, tx, generation); err != nil {
			return err
		}
	}
	return nil
}

// Making indexes takes as long as it takes.
const sqlPatient = `
select
	set_config('statement_timeout', '0', true),
	set_config('idle_in_transaction_session_timeout', '0', true)`

// finish makes indexes and lets others use the tables. From here on they are
// no different from any view's.
func (r *rebuild) finish(ctx context.Context) error {
	r.seen = nil
	return pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlPatient); err != nil {
			return fmt.Errorf("finish the tables: %w", err)
		}
		if err := r.view.Finish(ctx, tx, r.built.Generation); err != nil {
			return err
		}
		return r.view.Become(ctx, tx, r.built.Generation, view.Finishing)
	})
}
