// Package shelf keeps what was prepared on a network for a post that is not out
// yet: in Postgres, so that whoever goes on repeats no upload.
package shelf

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain"
	"behalf/internal/networks"
)

// Errors of the shelf.
var (
	// ErrHeld says that somebody else is preparing the same thing, or looks whether it is wanted.
	ErrHeld = errors.New("somebody else holds what is prepared")
	// ErrLost says that a hold has ended: whoever had it was too slow.
	ErrLost = errors.New("what is prepared is somebody else's to save now")
)

// Key is what something prepared belongs to; a change of any part makes it useless.
type Key struct {
	Workspace  domain.WorkspaceID
	Post       domain.PostID
	Account    domain.AccountID
	Revision   int
	Connection domain.ConnectionID
	Identity   string
}

// Item is something on the shelf.
type Item struct {
	Key
	Made    networks.Prepared // nil before anything was made
	Ready   bool              // nothing is left to be made
	Held    bool              // somebody is at it
	Doubted bool              // a database was restored since it was begun: it may have gone out (R69)
}

// Shelf is safe for concurrent use, across processes.
type Shelf struct{ pool *pgxpool.Pool }

// New makes a shelf over a pool that runs under eventstore.RoleEngine.
func New(pool *pgxpool.Pool) *Shelf { return &Shelf{pool: pool} }

const sqlOf = `
select
	workspace_id, post_id, account_id, revision, connection_id, identity,
	made, ready, held_until > clock_timestamp(), doubted
from workers.prepared
where post_id = $1
and account_id = $2`

// Of lists what was prepared for a target, whatever it belongs to.
func (s *Shelf) Of(ctx context.Context, post domain.PostID, account domain.AccountID) ([]Item, error) {
	return s.list(ctx, sqlOf, uuid.UUID(post), uuid.UUID(account))
}

const sqlUntouched = `
select
	workspace_id, post_id, account_id, revision, connection_id, identity,
	made, ready, held_until > clock_timestamp(), doubted
from workers.prepared
where touched_at < clock_timestamp() - $1::interval
and held_until <= clock_timestamp()
order by touched_at
limit $2`

// Untouched lists what nobody has touched for so long, the oldest first.
func (s *Shelf) Untouched(ctx context.Context, since time.Duration, limit int) ([]Item, error) {
	return s.list(ctx, sqlUntouched, since, limit)
}

func (s *Shelf) list(ctx context.Context, statement string, parameters ...any) ([]Item, error) {
	found, err := s.pool.Query(ctx, statement, parameters...)
	if err != nil {
		return nil, fmt.Errorf("list what is prepared: %w", err)
	}
	items, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (i Item, err error) {
		var made []byte
		err = row.Scan((*uuid.UUID)(&i.Workspace), (*uuid.UUID)(&i.Post), (*uuid.UUID)(&i.Account), &i.Revision,
			(*uuid.UUID)(&i.Connection), &i.Identity, &made, &i.Ready, &i.Held, &i.Doubted)
		if len(made) > 0 {
			i.Made = made
		}
		return i, err
	})
	if err != nil {
		return nil, fmt.Errorf("list what is prepared: %w", err)
	}
	return items, nil
}

const sqlDrop = `
delete from workers.prepared
where post_id = $1 and account_id = $2 and revision = $3 and connection_id = $4 and identity = $5`

// Drop forgets an item.
func (s *Shelf) Drop(ctx context.Context, k Key) error {
	_, err := s.pool.Exec(ctx, sqlDrop, uuid.UUID(k.Post), uuid.UUID(k.Account), k.Revision, uuid.UUID(k.Connection), k.Identity)
	if err != nil {
		return fmt.Errorf("drop what is prepared: %w", err)
	}
	return nil
}

const sqlNote = `
insert into workers.sends (attempt_id)
values ($1)
on conflict (attempt_id) do nothing`

// Note says that an attempt is about to be sent; once more where its credential
// was refused, and it is sent through a fresh one.
func (s *Shelf) Note(ctx context.Context, attempt domain.AttemptID) error {
	if _, err := s.pool.Exec(ctx, sqlNote, uuid.UUID(attempt)); err != nil {
		return fmt.Errorf("note what is about to be sent: %w", err)
	}
	return nil
}

const sqlNoted = `
select exists (
	select
	from workers.sends
	where attempt_id = $1
)`

// Noted reports whether an attempt may have been sent.
func (s *Shelf) Noted(ctx context.Context, attempt domain.AttemptID) (noted bool, err error) {
	if err = s.pool.QueryRow(ctx, sqlNoted, uuid.UUID(attempt)).Scan(&noted); err != nil {
		return false, fmt.Errorf("look up what was about to be sent: %w", err)
	}
	return noted, nil
}

const sqlForget = `
delete from workers.sends
where noted_at < clock_timestamp() - $1::interval`

// Kept is how long notes are kept at least: after that none proves nothing.
const Kept = 7 * 24 * time.Hour

// Forget drops the notes of attempts that ended long ago.
func (s *Shelf) Forget(ctx context.Context, after time.Duration) error {
	if _, err := s.pool.Exec(ctx, sqlForget, after); err != nil {
		return fmt.Errorf("forget what was sent: %w", err)
	}
	return nil
}
