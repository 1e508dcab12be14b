package signin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

// SessionLife is how long a session lasts from signing in.
const SessionLife = 14 * 24 * time.Hour

// usedEvery is how exactly the last use is known: writing a row at every
// request would cost more than the request.
const usedEvery = time.Minute

// Method is a way in which somebody proved who they are.
type Method string

// ByPassword is the one method of now; second factors add theirs.
const ByPassword Method = "password"

// Session is a sign-in that has just happened.
type Session struct {
	Token     Token // shown once
	ExpiresAt time.Time
}

const sqlOpenSession = `
insert into signin.sessions (id_hash, person, authenticated_with, created_at, expires_at, last_used_at)
values ($1, $2, $3, $4, $5, $4)`

const sqlForgetSessions = `
delete from signin.sessions
where person = $1
  and expires_at <= $2`

// OpenSession signs a person in, and forgets their sessions that have expired.
func (d *Desk) OpenSession(ctx context.Context, person domain.UserID, with ...Method) (Session, error) {
	now := d.now().UTC()
	session := Session{Token: newToken(sessionPrefix), ExpiresAt: now.Add(SessionLife)}
	hash := session.Token.hash()
	batch := &pgx.Batch{}
	batch.Queue(sqlForgetSessions, [16]byte(person), now)
	batch.Queue(sqlOpenSession, hash[:], [16]byte(person), with, now, session.ExpiresAt)
	if err := d.pool.SendBatch(ctx, batch).Close(); err != nil {
		return Session{}, fmt.Errorf("open session: %w", err)
	}
	return session, nil
}

const sqlCloseSession = `
delete from signin.sessions
where id_hash = $1`

// CloseSession signs out. A session that is gone already is no error.
func (d *Desk) CloseSession(ctx context.Context, p Principal) error {
	if _, err := d.pool.Exec(ctx, sqlCloseSession, p.Credential[:]); err != nil {
		return fmt.Errorf("close session: %w", err)
	}
	return nil
}

const sqlUseSession = `
with used as (
    update signin.sessions
    set last_used_at = $2
    where id_hash = $1
      and last_used_at < $3
)
select person, expires_at
from signin.sessions
where id_hash = $1
  and kind = 'full'
  and expires_at > $2`

const sqlUseToken = `
with used as (
    update signin.tokens
    set last_used_at = $2
    where id_hash = $1
      and (last_used_at is null or last_used_at < $3)
)
select person, expires_at
from signin.tokens
where id_hash = $1
  and (expires_at is null or expires_at > $2)`

// Identify returns who a session's or an API token's secret stands for, or
// ErrNotSignedIn.
func (d *Desk) Identify(ctx context.Context, token Token) (Principal, error) {
	if !token.wellFormed() {
		return Principal{}, ErrNotSignedIn
	}
	principal := Principal{Credential: token.hash(), IsSession: token[:len(sessionPrefix)] == sessionPrefix}
	query := sqlUseToken
	if principal.IsSession {
		query = sqlUseSession
	}
	var person [16]byte
	var expires *time.Time
	now := d.now().UTC()
	err := d.pool.QueryRow(ctx, query, principal.Credential[:], now, now.Add(-usedEvery)).Scan(&person, &expires)
	if errors.Is(err, pgx.ErrNoRows) {
		return Principal{}, ErrNotSignedIn
	}
	if err != nil {
		return Principal{}, fmt.Errorf("identify: %w", err)
	}
	principal.User = person
	return principal, nil
}
