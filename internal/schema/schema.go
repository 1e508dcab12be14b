// Package schema brings a database to the form that this version of Behalf
// works with. Every room that keeps tables adds one numbered file of its own;
// a file that has been released is never changed again.
package schema

import (
	"context"
	"embed"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// How often, and how many times, a process asks for the lock while another one
// migrates: five minutes in all.
const (
	lockEvery  = 1 // seconds
	lockTrials = 300
)

// Migrate applies what is missing, each file in a transaction of its own. It
// may be called by any number of processes at once: a session lock lets one of
// them work, the others then find nothing left to do. The pool has to connect
// as a superuser, or as the database's owner with the right to create roles.
//
// A database that another wording of one of the files has made is refused with
// *ChangedError: it would lack what this version works with.
func Migrate(ctx context.Context, pool *pgxpool.Pool) (err error) {
	locker, err := lock.NewPostgresSessionLocker(
		lock.WithLockTimeout(lockEvery, lockTrials),
		lock.WithUnlockTimeout(lockEvery, lockTrials),
	)
	if err != nil {
		return fmt.Errorf("prepare the migration lock: %w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	defer func() {
		if closeErr := db.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("close the migration connection: %w", closeErr)
		}
	}()

	provider, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(locker),
		goose.WithDisableGlobalRegistry(true),
	)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if err := compare(ctx, pool); err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return remember(ctx, pool)
}
