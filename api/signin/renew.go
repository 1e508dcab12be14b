package signin

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

const sqlEndSessions = `
delete from signin.sessions
where person = $1
  and id_hash <> $2`

const sqlEndTokens = `
delete from signin.tokens
where person = $1`

// Renewal is a new password, and what ends with the one before.
type Renewal struct {
	Person   domain.UserID
	Password Password
	Keep     [32]byte // the credential of the one session that goes on; zero: none does
	Tokens   bool     // API tokens end as well
}

// Renew gives a person a new password and ends their sessions, if record,
// which stores that it is so, succeeds. Of several for one person the next one
// begins when the one before has ended: who records by a link that works once
// is then refused.
//
// A crash between record and the end leaves what was recorded without effect:
// the person asks for another link.
func (d *Desk) Renew(ctx context.Context, r Renewal, record func(context.Context) error) error {
	phc, err := d.hasher.hash(ctx, r.Password)
	if err != nil {
		return err
	}
	return d.WhileHolding(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlSetPassword, [16]byte(r.Person), phc); err != nil {
			return fmt.Errorf("set password: %w", err)
		}
		if _, err := tx.Exec(ctx, sqlEndSessions, [16]byte(r.Person), r.Keep[:]); err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		if r.Tokens {
			if _, err := tx.Exec(ctx, sqlEndTokens, [16]byte(r.Person)); err != nil {
				return fmt.Errorf("end tokens: %w", err)
			}
		}
		return record(ctx)
	})
}

// "for share" waits for a renewal that is under way, which has not seen the
// session that asks, and then answers by the new password.
const sqlStands = `
select phc = $2
from signin.passwords
where person = $1
for share`

// Proven is that a password was right at some moment.
type Proven struct {
	Person domain.UserID
	phc    func() string // a function, because printers show of it only its address
}

func proven(person domain.UserID, phc string) Proven {
	return Proven{Person: person, phc: func() string { return phc }}
}

// Stands reports whether the password is still the one that was proven. Asked
// after a session was opened by it: either the renewal of the password ends
// that session, or this answers false.
func (d *Desk) Stands(ctx context.Context, p Proven) (stands bool, err error) {
	err = d.pool.QueryRow(ctx, sqlStands, [16]byte(p.Person), p.phc()).Scan(&stands)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look whether a password stands: %w", err)
	}
	return stands, nil
}
