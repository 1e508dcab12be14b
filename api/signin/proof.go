package signin

import (
	"context"
	"fmt"
	"time"
)

// waitingLife is how long somebody who gave their password may take to prove
// the second factor.
const waitingLife = 10 * time.Minute

// FreshProof is how long a proof of who one is counts as fresh, for what is
// dangerous.
const FreshProof = 10 * time.Minute

const sqlFinishSession = `
update signin.sessions
set id_hash = $2,
    kind = 'full',
    authenticated_with = array_append(authenticated_with, $3),
    expires_at = $5,
    last_used_at = $4,
    proved_at = $4,
    two_factor_at = $4
where id_hash = $1
  and two_factor_at is null
  and expires_at > $4`

const sqlProveAgain = `
update signin.sessions
set authenticated_with = case
        when $2 = any (authenticated_with) then authenticated_with
        else array_append(authenticated_with, $2)
    end,
    proved_at = $3,
    two_factor_at = case when $4 then $3 else two_factor_at end
where id_hash = $1
  and kind = 'full'`

// ProveSecondFactor records that the person proved their second factor. A
// session that waited for it becomes a full one, with another token: the first
// was known before anything had been proved. Of several who finish one session
// at once, one does. A full session keeps its token, and none is returned.
func (d *Desk) ProveSecondFactor(ctx context.Context, p Principal, with Method) (Session, error) {
	now := d.now().UTC()
	if !p.Waiting {
		return Session{}, d.prove(ctx, p, with, now, true)
	}
	session := Session{Token: newToken(sessionPrefix), ExpiresAt: now.Add(SessionLife)}
	hash := session.Token.hash()
	tag, err := d.pool.Exec(ctx, sqlFinishSession, p.Credential[:], hash[:], string(with), now, session.ExpiresAt)
	if err != nil {
		return Session{}, fmt.Errorf("finish session: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return Session{}, ErrNotSignedIn
	}
	return session, nil
}

// ProveAgain records in a full session that the person proved who they are by
// what is no second factor.
func (d *Desk) ProveAgain(ctx context.Context, p Principal, with Method) error {
	return d.prove(ctx, p, with, d.now().UTC(), false)
}

func (d *Desk) prove(ctx context.Context, p Principal, with Method, now time.Time, second bool) error {
	tag, err := d.pool.Exec(ctx, sqlProveAgain, p.Credential[:], string(with), now, second)
	if err != nil {
		return fmt.Errorf("record a proof: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrNotSignedIn
	}
	return nil
}

const sqlCloseOthers = `
delete from signin.sessions
where person = $1
  and id_hash <> $2`

// CloseOthers ends all other sessions of a person: they proved less than is
// asked for from now on.
func (d *Desk) CloseOthers(ctx context.Context, p Principal) error {
	if _, err := d.pool.Exec(ctx, sqlCloseOthers, [16]byte(p.User), p.Credential[:]); err != nil {
		return fmt.Errorf("close other sessions: %w", err)
	}
	return nil
}
