package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// Checked is what a look at everything in a drawer found.
type Checked struct {
	Holds  string
	Opened int64    // that open
	Older  int64    // of these, sealed by a key that is not the newest
	Broken []string // that do not open
}

// Check opens everything in the drawers, shows nothing of what is in there, and
// says how many keys the keyset has. It needs the owner's role.
func (v *Vault) Check(ctx context.Context, drawers []Drawer, progress Progress) (results []Checked, keys int, err error) {
	newest, keys, err := v.keys.Newest(ctx)
	if err != nil {
		return nil, 0, err
	}
	err = v.through(ctx, drawers, nil, progress, func(d Drawer) func(sealedRow) error {
		results = append(results, Checked{Holds: d.Holds})
		result := &results[len(results)-1]
		return func(row sealedRow) error {
			secret, err := v.open(row.sealed, row.binding)
			secret.Wipe()
			switch {
			case errors.Is(err, ErrTampered):
				result.Broken = append(result.Broken, d.name(row))
				return nil
			case err != nil:
				return fmt.Errorf("open %s: %w", d.name(row), err)
			}
			result.Opened++
			if !bytes.HasPrefix(row.sealed, newest) {
				result.Older++
			}
			return nil
		}
	})
	return results, keys, err
}
