package signin

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/domain/user"
)

// ErrNobody: no person stands behind this address.
var ErrNobody = errors.New("nobody has this address")

// Find returns the person behind an address, or ErrNobody.
func (d *Desk) Find(ctx context.Context, email user.Email) (domain.UserID, error) {
	person, err := d.find(ctx, d.hash(email))
	if errors.Is(err, pgx.ErrNoRows) {
		return domain.UserID{}, ErrNobody
	}
	return person, err
}

// Whoever was only ever invited at the address gives way: their row is the
// address's alone, nothing hangs on it but what they would have registered with.
const (
	sqlHolder = `
select
    people.person,
    exists (select from signin.passwords where passwords.person = people.person)
        or exists (select from signin.identities where identities.person = people.person)
from signin.people
where address_hash = $1
for update`

	sqlFreeAddress = `
delete from signin.people
where address_hash = $1`

	sqlMoveAddress = `
update signin.people
set address_hash = $2
where person = $1`
)

// MoveTo makes another address the person's, if record, which stores that it
// is so, succeeds. It fails with taken's error for an address at which somebody
// else has registered. An address that somebody was only invited at becomes the
// person's; that invitation has to be sent again, to the person who they are.
//
// A crash between record and the end leaves the index behind what was recorded:
// the same once more completes it.
func (d *Desk) MoveTo(ctx context.Context, person domain.UserID, email user.Email, taken error, record func(context.Context) error) error {
	return d.WhileHolding(ctx, func(tx pgx.Tx) error {
		var holder [16]byte
		var registered bool
		err := tx.QueryRow(ctx, sqlHolder, d.hash(email)).Scan(&holder, &registered)
		switch {
		case errors.Is(err, pgx.ErrNoRows), err == nil && holder == person:
		case err != nil:
			return fmt.Errorf("find person: %w", err)
		case registered:
			return taken
		default:
			if _, err := tx.Exec(ctx, sqlFreeAddress, d.hash(email)); err != nil {
				return fmt.Errorf("free address: %w", err)
			}
		}
		if _, err := tx.Exec(ctx, sqlMoveAddress, [16]byte(person), d.hash(email)); err != nil {
			return fmt.Errorf("move address: %w", err)
		}
		return record(ctx)
	})
}

// WhileHolding runs do in a transaction that is kept open while do asks other
// connections for something: a few at a time, far below any pool's size.
func (d *Desk) WhileHolding(ctx context.Context, do func(pgx.Tx) error) error {
	select {
	case d.enrols <- struct{}{}:
		defer func() { <-d.enrols }()
	case <-ctx.Done():
		return fmt.Errorf("wait for a transaction: %w", ctx.Err())
	}
	return pgx.BeginFunc(ctx, d.pool, do)
}
