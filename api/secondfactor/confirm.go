package secondfactor

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/api/signin"
)

const sqlCountFactors = `
select count(*)
from signin.factors
where person = $1
  and confirmed_at is not null
  and id <> $2`

const sqlConfirm = `
update signin.factors
set confirmed_at = coalesce(confirmed_at, $3)
where id = $1
  and person = $2`

// confirm makes a factor count that the person has just proved. With the first
// one they get recovery codes, and their other sessions end: those proved less
// than is asked for from now on. One that is opened in between waits (signin).
func (d *Desk) confirm(ctx context.Context, principal signin.Principal, r row, with signin.Method) (codes []string, err error) {
	var others int
	if err := d.Pool.QueryRow(ctx, sqlCountFactors, [16]byte(r.Person), [16]byte(r.ID)).Scan(&others); err != nil {
		return nil, fmt.Errorf("count factors: %w", err)
	}
	first := others == 0 && !r.Confirmed
	if first {
		if err := d.SignIn.CloseOthers(ctx, principal); err != nil {
			return nil, err
		}
		codes = newCodes()
	}
	err = pgx.BeginFunc(ctx, d.Pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sqlConfirm, [16]byte(r.ID), [16]byte(r.Person), d.Now().UTC())
		if err != nil {
			return fmt.Errorf("confirm factor: %w", err)
		}
		if tag.RowsAffected() == 0 { // removed meanwhile
			return wrongCode()
		}
		if !first {
			return nil
		}
		return storeCodes(ctx, tx, r.Person, codes)
	})
	if err != nil {
		return nil, err
	}
	if err := d.forgetTrials(ctx, r.Person); err != nil {
		return nil, err
	}
	_, err = d.SignIn.ProveSecondFactor(ctx, principal, with)
	return codes, err
}
