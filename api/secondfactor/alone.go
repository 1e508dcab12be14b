package secondfactor

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/domain/user"
)

const sqlHoldPerson = `
select
from signin.people
where person = $1
for no key update`

// alone changes the factors of a person, one change after the other: nothing
// comes between the event that a factor counts and its row.
func (d *Desk) alone(ctx context.Context, person domain.UserID, do func(pgx.Tx) error) error {
	return d.SignIn.WhileHolding(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlHoldPerson, [16]byte(person)); err != nil {
			return fmt.Errorf("hold person: %w", err)
		}
		return do(tx)
	})
}

const sqlCounting = `
select id
from signin.factors
where person = $1
  and confirmed_at is not null`

// counting lists the factors of a person that can be proved.
func counting(ctx context.Context, tx pgx.Tx, person domain.UserID) ([]user.FactorID, error) {
	rows, err := tx.Query(ctx, sqlCounting, [16]byte(person))
	if err != nil {
		return nil, fmt.Errorf("list what counts: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err != nil {
		return nil, fmt.Errorf("list what counts: %w", err)
	}
	found := make([]user.FactorID, len(ids))
	for i, id := range ids {
		found[i] = id
	}
	return found, nil
}
