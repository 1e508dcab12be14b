package secondfactor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/api/problem"
	"behalf/domain"
)

// freeTrials is how many codes may be tried at once; each one more has to wait
// twice as long as the one before, up to an hour, until one is right. A person
// who can be kept waiting so has lost their password already.
const freeTrials = 5

// A trial is counted before the code is looked at, so that codes that are sent
// at the same moment count too.
const sqlTakeTrial = `
insert into signin.code_trials as t (person, trials, next_at)
values ($1, 1, $2)
on conflict (person) do update
set trials = t.trials + 1,
    next_at = case
        when t.trials + 1 < $3 then $2
        else $2 + least(interval '1 hour', interval '30 seconds' * power(2, least(t.trials + 1 - $3, 10)))
    end
where t.next_at <= $2
returning t.trials`

const sqlNextTrial = `
select next_at
from signin.code_trials
where person = $1`

// takeTrial refuses with rate_limited when too many codes were tried.
func (d *Desk) takeTrial(ctx context.Context, person domain.UserID) error {
	now := d.Now().UTC()
	var trials int
	err := d.Pool.QueryRow(ctx, sqlTakeTrial, [16]byte(person), now, freeTrials).Scan(&trials)
	if err == nil {
		return nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("count a trial: %w", err)
	}
	var next time.Time
	if err := d.Pool.QueryRow(ctx, sqlNextTrial, [16]byte(person)).Scan(&next); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("find the next trial: %w", err)
	}
	return problem.New(http.StatusTooManyRequests, "rate_limited", "Too many codes were tried. A passkey can be used at any time.").
		RetryAfter(int(next.Sub(now).Seconds()) + 1)
}

const sqlForgetTrials = `
delete from signin.code_trials
where person = $1`

func (d *Desk) forgetTrials(ctx context.Context, person domain.UserID) error {
	if _, err := d.Pool.Exec(ctx, sqlForgetTrials, [16]byte(person)); err != nil {
		return fmt.Errorf("forget trials: %w", err)
	}
	return nil
}
