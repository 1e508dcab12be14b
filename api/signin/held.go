package signin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

type sessionKind struct{}

func (sessionKind) Prefix() string { return "ses" }

// SessionID names a session to its person; it is no secret.
type SessionID = domain.ID[sessionKind]

// ErrNoSession: this person has no such session.
var ErrNoSession = errors.New("no such session")

// Held is a session as its person sees it.
type Held struct {
	ID         SessionID
	Client     string   // what it was opened with, as that called itself; may be empty
	With       []string // how the person proved who they are
	Waiting    bool     // for the second factor
	Current    bool     // the one that asks
	CreatedAt  time.Time
	LastUsedAt time.Time // exact to a minute
	ExpiresAt  time.Time
}

const sqlSessions = `
select
    id,
    client,
    authenticated_with,
    kind <> 'full',
    id_hash = $2,
    created_at,
    last_used_at,
    expires_at
from signin.sessions
where person = $1
  and expires_at > $3
order by last_used_at desc, created_at desc`

// Sessions lists a person's sessions, the last used first.
func (d *Desk) Sessions(ctx context.Context, p Principal) ([]Held, error) {
	rows, err := d.pool.Query(ctx, sqlSessions, [16]byte(p.User), p.Credential[:], d.now().UTC())
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	held, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Held, error) {
		var h Held
		err := row.Scan((*[16]byte)(&h.ID), &h.Client, &h.With, &h.Waiting, &h.Current, &h.CreatedAt, &h.LastUsedAt, &h.ExpiresAt)
		h.CreatedAt, h.LastUsedAt, h.ExpiresAt = h.CreatedAt.UTC(), h.LastUsedAt.UTC(), h.ExpiresAt.UTC()
		return h, err
	})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return held, nil
}

const sqlEndSession = `
delete from signin.sessions
where id = $1
  and person = $2`

// EndSession ends a session of this person, or answers ErrNoSession.
func (d *Desk) EndSession(ctx context.Context, person domain.UserID, id SessionID) error {
	tag, err := d.pool.Exec(ctx, sqlEndSession, [16]byte(id), [16]byte(person))
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrNoSession
	}
	return nil
}
