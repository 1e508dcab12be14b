package secondfactor

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/domain/user"
	"behalf/internal/vault"
)

// Kind says what a factor is.
type Kind string

// The kinds of factors.
const (
	Authenticator Kind = "authenticator"
	Passkey       Kind = "passkey"
)

// row is a factor as it is stored.
type row struct {
	ID         user.FactorID
	Person     domain.UserID
	Kind       Kind
	Name       string
	Sealed     []byte
	Generation int64
	CreatedAt  time.Time
	Confirmed  bool
	LastUsedAt *time.Time
}

func (r row) shown() Factor {
	shown := Factor{ID: r.ID, Kind: r.Kind, Name: r.Name, CreatedAt: r.CreatedAt.UTC()}
	if r.LastUsedAt != nil {
		shown.LastUsedAt = r.LastUsedAt.UTC()
	}
	return shown
}

// Drawer is where secrets of factors are kept, for who seals them anew.
var Drawer = vault.Drawer{
	Holds: "second factors", Prefix: "fac", Table: "signin.factors", Column: "sealed", Key: []string{"id"},
	What: "second factor v1", Parts: []string{"id", "person", "kind"},
}

// seal and open bind the secret to its row: one that somebody moved or edited
// does not open.
func (d *Desk) seal(r row, secret []byte) ([]byte, error) {
	return d.Vault.Seal(vault.NewSecret(secret), Drawer.What, r.ID[:], r.Person[:], []byte(r.Kind))
}

func (d *Desk) open(r row) (vault.Secret, error) {
	secret, err := d.Vault.Unseal(r.Sealed, Drawer.What, r.ID[:], r.Person[:], []byte(r.Kind))
	if err != nil {
		return vault.Secret{}, fmt.Errorf("open factor %s: %w", r.ID, err)
	}
	return secret, nil
}

const columns = `id, person, kind, name, sealed, generation, created_at, confirmed_at is not null, last_used_at`

const sqlFactors = `
select ` + columns + `
from signin.factors
where person = $1
  and confirmed_at is not null
order by created_at, id`

// factors are those of a person that count.
func (d *Desk) factors(ctx context.Context, person domain.UserID) ([]row, error) {
	found, err := d.Pool.Query(ctx, sqlFactors, [16]byte(person))
	if err != nil {
		return nil, fmt.Errorf("list factors: %w", err)
	}
	rows, err := pgx.CollectRows(found, func(r pgx.CollectableRow) (row, error) { return scan(r) })
	if err != nil {
		return nil, fmt.Errorf("list factors: %w", err)
	}
	return rows, nil
}

func ofKind(rows []row, kind Kind) []row {
	var of []row
	for _, r := range rows {
		if r.Kind == kind {
			of = append(of, r)
		}
	}
	return of
}

func scan(from pgx.Row) (r row, err error) {
	err = from.Scan((*[16]byte)(&r.ID), (*[16]byte)(&r.Person), &r.Kind, &r.Name, &r.Sealed, &r.Generation, &r.CreatedAt, &r.Confirmed, &r.LastUsedAt)
	return r, err
}

const sqlFactor = `
select ` + columns + `
from signin.factors
where id = $1
  and person = $2`

const sqlForgetUnconfirmed = `
delete from signin.factors
where person = $1
  and kind = $2
  and confirmed_at is null`

const sqlAddFactor = `
insert into signin.factors (id, person, kind, name, sealed, handle_hash, created_at)
select $1, $2, $3, $4, $5, $6, $7
where (
    select count(*)
    from signin.factors
    where person = $2
) < $8
on conflict (handle_hash) do nothing`

// add stores a factor that does not count yet, in place of others of its kind
// that never came to count.
func (d *Desk) add(ctx context.Context, r row, handle []byte) error {
	batch := &pgx.Batch{}
	batch.Queue(sqlForgetUnconfirmed, [16]byte(r.Person), r.Kind)
	batch.Queue(sqlAddFactor, [16]byte(r.ID), [16]byte(r.Person), r.Kind, r.Name, r.Sealed, handle, r.CreatedAt, maxFactors)
	return d.alone(ctx, r.Person, func(tx pgx.Tx) error {
		results := tx.SendBatch(ctx, batch)
		_, err := results.Exec()
		if err == nil {
			tag, failed := results.Exec()
			if err = failed; err == nil && tag.RowsAffected() == 0 {
				err = domain.Clash(0, "too_many", "You have this passkey already, or ten factors. Remove one that you do not need.")
			}
		}
		if closing := results.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return fmt.Errorf("add factor: %w", err)
		}
		return nil
	})
}
