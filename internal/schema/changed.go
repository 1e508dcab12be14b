package schema

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ChangedError says that a migration was applied in another wording than this
// version has. Released files never change; those of a version in development do.
type ChangedError struct{ File string }

func (e *ChangedError) Error() string {
	return fmt.Sprintf("the database was made by another version in development: its %s was different. "+
		"Use a new data folder (--data) or a new database", e.File)
}

const sqlMakeApplied = `
create table if not exists behalf_applied (
	file text primary key,
	sha256 bytea not null
)`

const sqlApplied = `
select
	file,
	sha256
from behalf_applied`

// compare refuses a database whose files were different from ours.
func compare(ctx context.Context, pool *pgxpool.Pool) error {
	ours, err := hashes()
	if err != nil {
		return err
	}
	var there bool
	if err := pool.QueryRow(ctx, "select to_regclass('behalf_applied') is not null").Scan(&there); err != nil || !there {
		return err
	}
	rows, err := pool.Query(ctx, sqlApplied)
	if err != nil {
		return fmt.Errorf("read the applied migrations: %w", err)
	}
	var file string
	var sum []byte
	_, err = pgx.ForEachRow(rows, []any{&file, &sum}, func() error {
		if own, known := ours[file]; known && own != [sha256.Size]byte(sum) {
			return &ChangedError{File: file}
		}
		return nil
	})
	return err
}

const sqlRemember = `
insert into behalf_applied (file, sha256)
values ($1, $2)
on conflict (file) do nothing`

// remember keeps what the files were like when they were applied.
func remember(ctx context.Context, pool *pgxpool.Pool) error {
	ours, err := hashes()
	if err != nil {
		return err
	}
	tx, err := pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("remember the applied migrations: %w", err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	// "if not exists" alone still lets two of several processes collide.
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtext('behalf_applied'))"); err != nil {
		return fmt.Errorf("remember the applied migrations: %w", err)
	}
	if _, err := tx.Exec(ctx, sqlMakeApplied); err != nil {
		return fmt.Errorf("remember the applied migrations: %w", err)
	}
	for file, sum := range ours {
		if _, err := tx.Exec(ctx, sqlRemember, file, sum[:]); err != nil {
			return fmt.Errorf("remember the applied migrations: %w", err)
		}
	}
	return tx.Commit(ctx)
}

func hashes() (map[string][sha256.Size]byte, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	sums := make(map[string][sha256.Size]byte, len(names))
	for _, name := range names {
		content, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the migrations: %w", err)
		}
		sums[name] = sha256.Sum256(content)
	}
	return sums, nil
}
