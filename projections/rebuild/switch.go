package rebuild

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"behalf/projections/parking"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// While the switch waits for those who read the tables, others wait behind it:
// it does not wait for long, but often.
const (
	switchTries = 60
	switchPause = 250 * time.Millisecond
	aheadTries  = 20 // of them, to let the old tables come as far as the new ones
)

// errAhead says that the old tables are not yet where the new ones are.
var errAhead = errors.New("the old tables are behind the new ones")

const sqlBriefly = `
set local lock_timeout = '100ms'`

// switchOver lets the new tables be read, and drops the old ones.
func (r *rebuild) switchOver(ctx context.Context) error {
	old, found, err := r.view.Current(ctx, r.pool)
	if err != nil {
		return err
	}
	r.tell(Switching, r.report.Position, r.report.Position)
	err = r.often(ctx, func(tx pgx.Tx) error {
		if err := r.settle(ctx, tx, old, found); err != nil {
			return err
		}
		return r.exchange(ctx, tx, old, found)
	})
	if err != nil || !found {
		return err
	}
	return r.often(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlBriefly); err != nil {
			return fmt.Errorf("drop the old tables: %w", err)
		}
		return r.view.Drop(ctx, tx, old.Generation)
	})
}

// often tries a transaction until it gets its locks.
func (r *rebuild) often(ctx context.Context, do func(tx pgx.Tx) error) error {
	for r.tries = range switchTries {
		err := pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, sqlPatient); err != nil {
				return fmt.Errorf("prepare the switch: %w", err)
			}
			return do(tx)
		})
		if !unavailable(err) && !errors.Is(err, errAhead) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(switchPause):
		}
	}
	return ErrHeld
}

// unavailable reports that a lock was not to be had in time, or that another
// transaction had to be let through.
func unavailable(err error) bool {
	var answered *pgconn.PgError
	return errors.As(err, &answered) && (answered.Code == "55P03" || answered.Code == "40P01")
}

const sqlJoin = `
insert into log.checkpoints (name, position)
values ($1, 0)
on conflict (name) do nothing`

const sqlLock = `
select position
from log.checkpoints
where name = $1
for update`

// settle holds up whoever follows the log for the old tables, brings the new
// ones to where those are, and compares.
func (r *rebuild) settle(ctx context.Context, tx pgx.Tx, old view.Generation, found bool) error {
	if !found {
		return nil
	}
	followed := r.follower(old)
	if _, err := tx.Exec(ctx, sqlJoin, followed); err != nil {
		return fmt.Errorf("hold up %s: %w", followed, err)
	}
	var position int64
	if err := tx.QueryRow(ctx, sqlLock, followed).Scan(&position); err != nil {
		return fmt.Errorf("hold up %s: %w", followed, err)
	}
	if position > r.report.Position {
		if err := r.fillTo(ctx, Catching, position); err != nil {
			return err
		}
	}
	same := old.Version == r.view.Version
	if same && position < r.report.Position && r.tries < aheadTries {
		return errAhead // where nobody follows the log, they never will be: then nothing is compared
	}
	r.report.Compared = same && position == r.report.Position
	return r.count(ctx, tx, old)
}

// follower is the group that follows the log for the old tables.
func (r *rebuild) follower(old view.Generation) string {
	theirs := r.view
	theirs.Version = old.Version
	return theirs.Group()
}

func (r *rebuild) count(ctx context.Context, tx pgx.Tx, old view.Generation) error {
	after, err := r.view.Counts(ctx, tx, r.built.Generation)
	if err != nil {
		return err
	}
	before := map[string]int64{}
	if r.report.Compared {
		if before, err = r.view.Counts(ctx, tx, old.Generation); err != nil {
			return err
		}
	}
	r.report.Tables = nil
	for _, table := range slices.Sorted(maps.Keys(after)) {
		r.report.Tables = append(r.report.Tables, Count{Table: table, Before: before[table], After: after[table]})
	}
	if r.report.Compared && !maps.Equal(before, after) && !r.options.AcceptDifference {
		return ErrDifferent
	}
	return nil
}

// Readers hold this table until they have their answer.
const sqlGate = `
lock table views.generations in access exclusive mode`

const sqlForget = `
delete from views.generations
where view = $1
and generation = $2`

const sqlGoOnAt = `
insert into log.checkpoints (name, position)
values ($1, $2)
on conflict (name) do update
set
	position = excluded.position,
	moved_at = clock_timestamp()`

// Nothing lies behind the last position: processes of the old version that
// still follow the log find nothing to write into tables that are not theirs.
const sqlRetire = `
update log.checkpoints
set position = 9223372036854775807
where name = $1`

// exchange changes what the readable names stand for.
func (r *rebuild) exchange(ctx context.Context, tx pgx.Tx, old view.Generation, found bool) error {
	if _, err := tx.Exec(ctx, sqlBriefly); err != nil {
		return fmt.Errorf("hold up readers: %w", err)
	}
	if _, err := tx.Exec(ctx, sqlGate); err != nil {
		return fmt.Errorf("hold up readers: %w", err)
	}
	if err := r.view.Publish(ctx, tx, r.built.Generation); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlForget, r.view.Name, old.Generation); err != nil {
		return fmt.Errorf("retire the old tables: %w", err)
	}
	if err := r.view.Become(ctx, tx, r.built.Generation, view.Current); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlGoOnAt, r.view.Group(), r.report.Position); err != nil {
		return fmt.Errorf("go on at %d: %w", r.report.Position, err)
	}
	if found && old.Version != r.view.Version {
		if _, err := tx.Exec(ctx, sqlRetire, r.follower(old)); err != nil {
			return fmt.Errorf("retire %s: %w", r.follower(old), err)
		}
		retired := parking.Group{Name: r.follower(old), View: r.view.Name}
		if err := retired.Forget(ctx, tx); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, sqlLeaveGroup, r.group().Name); err != nil {
		return fmt.Errorf("leave the group %s: %w", r.group().Name, err)
	}
	return r.group().Become(ctx, tx, parking.Group{Name: r.view.Group(), View: r.view.Name})
}
