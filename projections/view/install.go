package view

import (
	"context"
	"fmt"

	"behalf/eventstore"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const sqlInstalling = `
select pg_advisory_xact_lock(hashtextextended('behalf views', 0))`

// Install makes the tables of those views that have none yet, in a migrated
// database. What a view has already stays: a newer version of it takes over
// with a rebuild. The pool has to run under a role that may become behalf_owner.
// It can be called any number of times, by several processes at once.
func Install(ctx context.Context, pool *pgxpool.Pool, views ...View) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		for _, statement := range []string{sqlInstalling, "set local role " + eventstore.RoleOwner} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		for _, one := range views {
			if err := one.install(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("install views: %w", err)
	}
	return nil
}

func (v View) install(ctx context.Context, tx pgx.Tx) error {
	_, installed, err := v.Current(ctx, tx)
	if err != nil || installed {
		return err
	}
	begun, err := v.Begin(ctx, tx)
	if err != nil {
		return err
	}
	if err := v.Finish(ctx, tx, begun.Generation); err != nil {
		return err
	}
	if err := v.Publish(ctx, tx, begun.Generation); err != nil {
		return err
	}
	return v.Become(ctx, tx, begun.Generation, Current)
}
