package judge

import (
	"context"
	"math/rand/v2"
	"time"

	"behalf/workers/publish/sight"
)

// The bounds of a pause between two attempts. Past the longest one it is a part
// of the time that the target is late, as far as its grace has many of them.
const (
	shortestPause = time.Second
	longestPause  = 30 * time.Second
	ofLate        = 10
	ofGrace       = 30
)

// backoff is exponential with full jitter and needs no counter: after what the
// network asked for, the pause is drawn from up to the time that the target will
// be late by then, which every pause makes longer. So what was put off together
// does not come back in one moment.
func (j *Judge) backoff(ctx context.Context, a Attempt, asked time.Duration) time.Duration {
	ceiling := shortestPause
	if loaded, err := j.Reader.Load(ctx, sight.OfClaim(a.Claim)); err == nil {
		ceiling = pauseUpTo(j.Clock.Now().Add(asked).Sub(loaded.Due()), loaded.Grace())
	}
	return asked + rand.N(ceiling) + 1 //nolint:gosec // G404: jitter, not a secret
}

// pauseUpTo is the longest pause for a target that is so late. A day's grace is
// not filled with thousands of attempts, each of them events in the log.
func pauseUpTo(late, grace time.Duration) time.Duration {
	longest := max(longestPause, min(late/ofLate, grace/ofGrace))
	return min(max(late, shortestPause), longest)
}

// allowed is when what the network asked for lets the target be tried again. A wait that lasts
// beyond the target's grace is looked at when that ends: nothing is sent then,
// but the author learns that it was missed (R56).
func (j *Judge) allowed(ctx context.Context, a Attempt, again time.Time) time.Time {
	loaded, err := j.Reader.Load(ctx, sight.OfClaim(a.Claim))
	if err != nil {
		return again
	}
	if end := loaded.Due().Add(loaded.Grace() + time.Second); again.After(end) {
		return end
	}
	return again
}
