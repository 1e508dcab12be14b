package vault

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
)

// Progress is told how much of all is done.
type Progress func(done, all int64)

// Reencrypted is what came of sealing a drawer anew.
type Reencrypted struct {
	Holds  string
	Sealed int64    // that are sealed by the newest key now
	Left   int64    // that another process was just changing: begin again
	Broken []string // that do not open, and stay as they are
}

// Reencrypt seals everything in the drawers anew that an older key than the
// newest has sealed. It can be broken off and begun again, beside processes that
// use, refresh and store what is in there: what they change meanwhile stays as
// they left it. It needs the owner's role.
func (v *Vault) Reencrypt(ctx context.Context, drawers []Drawer, progress Progress) ([]Reencrypted, error) {
	prefix, _, err := v.keys.Newest(ctx)
	if err != nil {
		return nil, err
	}
	var results []Reencrypted
	err = v.through(ctx, drawers, prefix, progress, func(d Drawer) func(sealedRow) error {
		results = append(results, Reencrypted{Holds: d.Holds})
		result := &results[len(results)-1]
		return func(row sealedRow) error {
			switch err := v.reseal(ctx, d, row); {
			case errors.Is(err, ErrTampered):
				result.Broken = append(result.Broken, d.name(row))
			case errors.Is(err, errChanged):
				result.Left++
			case err != nil:
				return fmt.Errorf("seal %s anew: %w", d.name(row), err)
			default:
				result.Sealed++
			}
			return nil
		}
	})
	return results, err
}

// through goes through the drawers, past what the prefix's key has sealed.
func (v *Vault) through(ctx context.Context, drawers []Drawer, prefix []byte, progress Progress, open func(Drawer) func(sealedRow) error) error {
	var done, all int64
	for _, d := range drawers {
		count, err := d.count(ctx, v, prefix)
		if err != nil {
			return err
		}
		all += count
	}
	for _, d := range drawers {
		visit := open(d)
		for after := []any(nil); ; {
			progress(done, all)
			page, err := d.page(ctx, v, after, prefix)
			if err != nil {
				return err
			}
			if len(page) == 0 {
				break
			}
			for _, row := range page {
				if err := visit(row); err != nil {
					return err
				}
			}
			done, after = done+int64(len(page)), page[len(page)-1].key
		}
	}
	return nil
}

// errChanged says that somebody else has, or is about to have, changed a row.
var errChanged = errors.New("changed meanwhile")

// lockNotFree is what Postgres answers to who has waited for a row long enough.
const lockNotFree = "55P03"

// reseal replaces nothing but the very bytes that it has opened: to everybody
// else the secret is the same.
func (v *Vault) reseal(ctx context.Context, d Drawer, row sealedRow) error {
	secret, err := v.open(row.sealed, row.binding)
	if err != nil {
		return err
	}
	defer secret.Wipe()
	sealed, err := v.seal(secret, row.binding)
	if err != nil {
		return err
	}
	replaced, err := d.replace(ctx, v, row, sealed)
	var answered *pgconn.PgError
	switch {
	case errors.As(err, &answered) && answered.Code == lockNotFree:
		return errChanged
	case err == nil && !replaced:
		return errChanged
	}
	return err
}
