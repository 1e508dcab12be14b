package projections

import (
	"context"
	"fmt"

	"behalf/eventstore"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// View is one set of tables and what fills them.
type View = view.View

// Views lists all views. Those whose policies look into another's tables come
// behind it.
func Views() []View {
	return []View{Members, People, Invitations, Accounts, Posts, Notifications, Exports}
}

// Named answers the view of a name, or false.
func Named(name string) (View, bool) {
	for _, one := range Views() {
		if one.Name == name {
			return one, true
		}
	}
	return View{}, false
}

const sqlInstalling = `
select pg_advisory_xact_lock(hashtextextended('behalf views', 0))`

// Install makes the tables of all views that have none yet, in a migrated
// database. What a view has already stays: a newer version of it takes over
// with a rebuild. The pool has to run under a role that may become behalf_owner.
// It can be called any number of times, by several processes at once.
func Install(ctx context.Context, pool *pgxpool.Pool) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		for _, statement := range []string{sqlInstalling, "set local role " + eventstore.RoleOwner} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		for _, one := range Views() {
			if err := install(ctx, tx, one); err != nil {
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

func install(ctx context.Context, tx pgx.Tx, one View) error {
	_, installed, err := one.Current(ctx, tx)
	if err != nil || installed {
		return err
	}
	begun, err := one.Begin(ctx, tx)
	if err != nil {
		return err
	}
	if err := one.Finish(ctx, tx, begun.Generation); err != nil {
		return err
	}
	if err := one.Publish(ctx, tx, begun.Generation); err != nil {
		return err
	}
	return one.Become(ctx, tx, begun.Generation, view.Current)
}
