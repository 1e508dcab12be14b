package secondfactor

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/api/signin"
	"behalf/domain/user"
)

const sqlConfirm = `
update signin.factors
set confirmed_at = coalesce(confirmed_at, $3)
where id = $1
  and person = $2`

// confirm makes a factor count that the person has just proved. With the first
// one they get recovery codes, and their other sessions end: those proved less
// than is asked for from now on. One that is opened in between waits (signin).
func (d *Desk) confirm(ctx context.Context, principal signin.Principal, r row, with signin.Method, added func(counting []user.FactorID) error) (codes []string, err error) {
	err = d.alone(ctx, r.Person, func(tx pgx.Tx) error {
		if _, err := scan(tx.QueryRow(ctx, sqlFactor, [16]byte(r.ID), [16]byte(r.Person))); errors.Is(err, pgx.ErrNoRows) { // removed meanwhile
			return wrongCode()
		} else if err != nil {
			return fmt.Errorf("find factor: %w", err)
		}
		known, err := counting(ctx, tx, r.Person)
		if err != nil {
			return err
		}
		if err := added(known); err != nil {
			return err
		}
		if len(known) == 0 {
			if err := d.SignIn.CloseOthers(ctx, principal); err != nil {
				return err
			}
			codes = newCodes()
			if err := storeCodes(ctx, tx, r.Person, codes); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, sqlConfirm, [16]byte(r.ID), [16]byte(r.Person), d.Now().UTC()); err != nil {
			return fmt.Errorf("confirm factor: %w", err)
		}
		return nil
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
