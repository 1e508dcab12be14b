package projections

import (
	"context"
	"fmt"
	"strconv"

	"behalf/eventstore"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// View is one set of tables and what fills them.
type View struct {
	Name    string
	Version int    // raised whenever the same events would make other rows
	Tables  string // the statements that create its tables, once
	// Handle answers what an event changes. It is pure; of two events of
	// different streams it does not matter which one it sees first.
	Handle func(eventstore.Recorded) []rows.Change
}

// Group is the name of the consumer group that fills the view.
func (v View) Group() string { return "view:" + v.Name + ":" + strconv.Itoa(v.Version) }

// Views lists all views. Those whose policies look into another's tables come
// behind it.
func Views() []View {
	return []View{Members, People, Invitations, Accounts, Posts}
}

const sqlSchema = `
create schema if not exists views authorization behalf_owner`

const sqlInstalled = `
create table if not exists views.installed (
	view text not null,
	version integer not null,
	installed_at timestamptz not null default now(),
	primary key (view, version)
)`

const sqlUsage = `
grant usage on schema views to behalf_api, behalf_engine`

const sqlInstalling = `
select pg_advisory_xact_lock(hashtextextended('behalf views', 0))`

const sqlIsInstalled = `
select exists (
	select
	from views.installed
	where view = $1
	and version = $2
)`

const sqlInstall = `
insert into views.installed (view, version)
values ($1, $2)`

// Install creates the tables of all views that are not there yet, in the schema
// views, owned by behalf_owner. The pool has to run under a role that may
// become behalf_owner and create schemas. It can be called any number of
// times, by several processes at once.
func Install(ctx context.Context, pool *pgxpool.Pool) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		for _, statement := range []string{sqlInstalling, sqlSchema, "set local role behalf_owner", sqlInstalled, sqlUsage} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		for _, view := range Views() {
			if err := view.install(ctx, tx); err != nil {
				return fmt.Errorf("%s: %w", view.Group(), err)
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
	var done bool
	if err := tx.QueryRow(ctx, sqlIsInstalled, v.Name, v.Version).Scan(&done); err != nil || done {
		return err
	}
	if _, err := tx.Exec(ctx, v.Tables, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlInstall, v.Name, v.Version)
	return err
}
