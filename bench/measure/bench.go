package measure

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/eventstore"
	"behalf/internal/devservices"
	"behalf/internal/schema"
)

// Effort is how much is done for a figure.
type Effort struct {
	Pairs  int           // of the two sides
	Each   time.Duration // for one side of one pair
	Events int           // in the log, for rows that need a history
	Rows   int           // in the table, for the large row
}

// Bench is what rows are measured with.
type Bench struct {
	Effort
	Settings string // of the Postgres, for people

	services *devservices.Services
	Dir      string // of Postgres's data
	folder   string // to remove; empty when the caller named one
	admin    *pgxpool.Pool
	made     int
	undo     []func() error
}

// poolSize is how many connections each side has.
const poolSize = 32

const sqlSettings = `
select format(
	'PostgreSQL %s: fsync %s, synchronous_commit %s, full_page_writes %s, shared_buffers %s, max_wal_size %s',
	current_setting('server_version'),
	current_setting('fsync'),
	current_setting('synchronous_commit'),
	current_setting('full_page_writes'),
	current_setting('shared_buffers'),
	current_setting('max_wal_size')
)`

// Start starts a private durable Postgres.
func Start(ctx context.Context, dir string, effort Effort) (bench *Bench, err error) {
	b := &Bench{Effort: effort}
	defer func() {
		if err != nil {
			b.Stop()
		}
	}()
	if dir == "" {
		if b.folder, err = os.MkdirTemp("", "behalf-bench-"); err != nil {
			return nil, err
		}
		dir = b.folder
	}
	b.Dir = dir
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // G302: Postgres runs as another user below it
		return nil, err
	}
	if b.services, err = devservices.Start(ctx, devservices.Options{Dir: dir, SkipRedis: true}); err != nil {
		return nil, err
	}
	if b.admin, err = pgxpool.New(ctx, b.services.PostgresURL); err != nil {
		return nil, err
	}
	// a checkpoint in the middle of one side's turn would count for one side only
	for _, statement := range []string{
		"alter system set max_wal_size = '8GB'",
		"alter system set checkpoint_timeout = '1h'",
		"select pg_reload_conf()",
	} {
		if _, err := b.admin.Exec(ctx, statement); err != nil {
			return nil, fmt.Errorf("set up Postgres: %w", err)
		}
	}
	if err := b.admin.QueryRow(ctx, sqlSettings).Scan(&b.Settings); err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	return b, nil
}

// Stop gives everything back.
func (b *Bench) Stop() {
	if b.admin != nil {
		b.admin.Close()
	}
	if b.services != nil {
		if err := b.services.Stop(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
	}
	if b.folder != "" {
		if err := os.RemoveAll(b.folder); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
	}
}

// Cleanup has something undone when the row at work has been measured.
func (b *Bench) Cleanup(undo func() error) { b.undo = append(b.undo, undo) }

func (b *Bench) cleanup() error {
	var problems []error
	for i := len(b.undo) - 1; i >= 0; i-- {
		problems = append(problems, b.undo[i]())
	}
	b.undo = nil
	return errors.Join(problems...)
}

// Database makes a migrated database for the row at work, and answers a pool
// of its superuser.
func (b *Bench) Database(ctx context.Context) (*pgxpool.Pool, error) {
	b.made++
	name := fmt.Sprintf("bench_%d", b.made)
	quoted := pgx.Identifier{name}.Sanitize()
	if _, err := b.admin.Exec(ctx, "create database "+quoted); err != nil {
		return nil, fmt.Errorf("make a database: %w", err)
	}
	b.Cleanup(func() error {
		_, err := b.admin.Exec(context.WithoutCancel(ctx), "drop database "+quoted+" with (force)")
		return err
	})
	address, err := url.Parse(b.services.PostgresURL)
	if err != nil {
		return nil, err
	}
	address.Path = "/" + name
	config, err := pgxpool.ParseConfig(address.String())
	if err != nil {
		return nil, err
	}
	config.MaxConns = poolSize
	pool, err := b.pool(ctx, config)
	if err != nil {
		return nil, err
	}
	return pool, schema.Migrate(ctx, pool)
}

// Under answers another pool on the same database, under one of the roles.
func (b *Bench) Under(ctx context.Context, pool *pgxpool.Pool, role string) (*pgxpool.Pool, error) {
	return b.pool(ctx, eventstore.UnderRole(pool.Config(), role))
}

func (b *Bench) pool(ctx context.Context, config *pgxpool.Config) (*pgxpool.Pool, error) {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	b.Cleanup(func() error { pool.Close(); return nil })
	return pool, nil
}

// Background runs something until the row has been measured.
func (b *Bench) Background(ctx context.Context, run func(context.Context) error) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	b.Cleanup(func() error { cancel(); return <-ended })
}
