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

// The methods.
const (
	ByPassword      Method = "password"
	ByProvider      Method = "openid_connect"
	ByAuthenticator Method = "authenticator"
	ByPasskey       Method = "passkey"
	ByRecoveryCode  Method = "recovery_code"
)

// Session is a sign-in that has just happened.
type Session struct {
	Token     Token // shown once
	ExpiresAt time.Time
	Waiting   bool // for the second factor, and good for nothing else
}

// Whoever has a second factor gets a session that waits for it.
const sqlOpenSession = `
insert into signin.sessions (id_hash, person, kind, authenticated_with, created_at, expires_at, last_used_at, client)
select $1,
       $2,
       case when two_factor.enabled then 'second_factor' else 'full' end,
       $3,
       $4,
       case when two_factor.enabled then $6::timestamptz else $5::timestamptz end,
       $4,
       $7
from (
    select exists (
        select
        from signin.factors
        where person = $2
          and confirmed_at is not null
    )
) as two_factor (enabled)
returning kind = 'second_factor', expires_at`

// maxSessions bounds how many sessions one person has: opening another one ends
// those that were used the longest ago.
const maxSessions = 50

const sqlForgetSessions = `
delete from signin.sessions
where person = $1
  and (
    expires_at <= $2
    or id_hash in (
        select id_hash
        from signin.sessions
        where person = $1
          and expires_at > $2
        order by last_used_at desc, created_at desc
        offset $3
    )
  )`

// OpenSession signs a person in, and forgets their sessions that have expired.
// For who has a second factor it is the first of two steps: see ProveSecondFactor.
func (d *Desk) OpenSession(ctx context.Context, person domain.UserID, with ...Method) (Session, error) {
	now := d.now().UTC()
	session := Session{Token: newToken(sessionPrefix)}
	hash := session.Token.hash()
	batch := &pgx.Batch{}
	batch.Queue(sqlForgetSessions, [16]byte(person), now, maxSessions-1)
	batch.Queue(sqlOpenSession, hash[:], [16]byte(person), with, now, now.Add(SessionLife), now.Add(waitingLife), From(ctx).Client).
		QueryRow(func(row pgx.Row) error { return row.Scan(&session.Waiting, &session.ExpiresAt) })
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

// A session that was opened while its person was adding their first factor
// waits for it as well.
const sqlSession = `
select person,
       kind = 'second_factor' or two_factor.enabled and two_factor_at is null,
       coalesce(proved_at, created_at),
       two_factor.enabled and two_factor_at is not null,
       null::text[],
       null::uuid[]
from signin.sessions
cross join lateral (
    select exists (
        select
        from signin.factors
        where factors.person = sessions.person
          and confirmed_at is not null
    )
) as two_factor (enabled)
where id_hash = $1
  and kind in ('full', 'second_factor')
  and expires_at > $2`

const sqlUseSession = `
with used as (
    update signin.sessions
    set last_used_at = $2
    where id_hash = $1
      and last_used_at < $3
)` + sqlSession

const sqlToken = `
select person,
       false,
       null::timestamptz,
       exists (
           select
           from signin.factors
           where factors.person = tokens.person
             and confirmed_at is not null
       ),
       scopes,
       workspaces
from signin.tokens
where id_hash = $1
  and (expires_at is null or expires_at > $2)`

const sqlUseToken = `
with used as (
    update signin.tokens
    set last_used_at = $2
    where id_hash = $1
      and (last_used_at is null or last_used_at < $3)
)` + sqlToken

// Identify returns who a session's or an API token's secret stands for, or
// ErrNotSignedIn.
func (d *Desk) Identify(ctx context.Context, token Token) (Principal, error) {
	if !token.wellFormed() {
		return Principal{}, ErrNotSignedIn
	}
	return d.Again(ctx, Principal{Credential: token.hash(), IsSession: token[:len(sessionPrefix)] == sessionPrefix})
}

// Again returns whom a principal's credential stands for at this moment, or
// ErrNotSignedIn when it has ended meanwhile: for what lasts longer than a request.
func (d *Desk) Again(ctx context.Context, principal Principal) (Principal, error) {
	query := sqlUseToken
	if principal.IsSession {
		query = sqlUseSession
	}
	now := d.now().UTC()
	err := principal.scan(d.pool.QueryRow(ctx, query, principal.Credential[:], now, now.Add(-usedEvery)))
	if errors.Is(err, pgx.ErrNoRows) {
		return Principal{}, ErrNotSignedIn
	}
	if err != nil {
		return Principal{}, fmt.Errorf("identify: %w", err)
	}
	d.memory.keep(principal, now.Add(usedEvery))
	return principal, nil
}

// scan reads what sqlSession and sqlToken select.
func (p *Principal) scan(row pgx.Row) error {
	var person [16]byte
	var proved *time.Time
	err := row.Scan(&person, &p.Waiting, &proved, &p.TwoFactor, &p.Scopes, (*workspaces)(&p.Workspaces))
	p.User, p.ProvedAt = person, instant(proved)
	return err
}
