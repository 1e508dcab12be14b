package secondfactor

import (
	"context"
	"fmt"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// What every authenticator app can do (RFC 6238; the app ignores other values).
const (
	period = 30 // seconds
	drift  = 1  // steps that an app's clock may be ahead or behind
)

// stepOf finds the time step around now that a code belongs to.
func stepOf(code, secret string, now time.Time) (step int64, found bool) {
	current := now.Unix() / period
	for step := current - drift; step <= current+drift; step++ {
		opts := hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
		if right, err := hotp.ValidateCustom(code, uint64(step), secret, opts); err == nil && right { //nolint:gosec // G115: of our time
			return step, true
		}
	}
	return 0, false
}

// A step is accepted once, and none before it afterwards, whoever asks at the
// same time: the row is compared and set.
const sqlAcceptStep = `
update signin.factors
set last_step = $2,
    last_used_at = $3
where id = $1
  and (last_step is null or last_step < $2)`

// accept reports whether the code is right and was not accepted before.
func (d *Desk) accept(ctx context.Context, r row, code string) (bool, error) {
	secret, err := d.open(r)
	if err != nil {
		return false, err
	}
	now := d.Now().UTC()
	step, found := stepOf(code, string(secret.Reveal()), now)
	if !found {
		return false, nil
	}
	tag, err := d.Pool.Exec(ctx, sqlAcceptStep, [16]byte(r.ID), step, now)
	if err != nil {
		return false, fmt.Errorf("accept a code: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
