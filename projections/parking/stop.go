package parking

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
)

// Executor is a pool, a connection or a transaction.
type Executor interface {
	Exec(ctx context.Context, statement string, parameters ...any) (pgconn.CommandTag, error)
}

const sqlStop = `
insert into views.stopped (name, reason)
values ($1, $2)
on conflict (name) do nothing`

// Stop lets a group stand still, in all processes, until somebody lets it go on.
func (g Group) Stop(ctx context.Context, db Executor, reason string) error {
	if _, err := db.Exec(ctx, sqlStop, g.Name, reason); err != nil {
		return fmt.Errorf("stop %s: %w", g.Name, err)
	}
	return nil
}

const sqlGoOn = `
delete from views.stopped
where name = $1`

// GoOn lets a stopped group go on.
func (g Group) GoOn(ctx context.Context, db Executor) error {
	if _, err := db.Exec(ctx, sqlGoOn, g.Name); err != nil {
		return fmt.Errorf("let %s go on: %w", g.Name, err)
	}
	return nil
}

const sqlForget = `
delete from views.parked
where name = $1`

// Forget removes all that a group has parked.
func (g Group) Forget(ctx context.Context, db Executor) error {
	if _, err := db.Exec(ctx, sqlForget, g.Name); err != nil {
		return fmt.Errorf("forget what %s has parked: %w", g.Name, err)
	}
	return g.GoOn(ctx, db)
}

const sqlInherit = `
update views.parked
set name = $2
where name = $1`

// Become hands what the group has parked to another one, instead of what that
// one has.
func (g Group) Become(ctx context.Context, db Executor, other Group) error {
	if err := other.Forget(ctx, db); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, sqlInherit, g.Name, other.Name); err != nil {
		return fmt.Errorf("hand over what %s has parked: %w", g.Name, err)
	}
	return g.GoOn(ctx, db)
}
