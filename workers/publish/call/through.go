// Package call asks networks: through a connection that is opened and refreshed
// as needed, at the pace that they take, and about a refusal what it means.
package call

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"behalf/internal/clock"
	"behalf/internal/networks"
	"behalf/internal/vault"
	"behalf/workers/lend"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/sight"
)

// Calls are the calls of one worker.
type Calls struct {
	Vault  *vault.Vault
	Pace   *pace.Pace
	Clock  *clock.Clock
	Logger *slog.Logger
	Life   time.Duration // of a claim: a credential is to outlast it

	Going sync.WaitGroup // refreshes that nobody waits for but who ends
}

// Through calls use with the connection's credential. What is to be sent gets
// one that lasts. The errors of Through itself are *networks.Failure that say
// that nothing was sent, Reauth among them.
func (c *Calls) Through(ctx context.Context, s sight.Sight, sending bool, use func(networks.Credential) error) error {
	return c.opened(ctx, s, c.loan(s, sending).Through(ctx, use))
}

func (c *Calls) loan(s sight.Sight, sending bool) lend.Loan {
	loan := lend.Loan{Vault: c.Vault, Connector: s.Connector, Connection: s.Connection, Going: &c.Going}
	if sending {
		now := c.Clock.Latest()
		loan.Until, loan.Enough = now.Add(s.Connector.Capabilities().RefreshBefore), now.Add(max(enough, c.Life))
	}
	return loan
}

// enough is how long a credential must last at least that is used although
// refreshing it has just failed; longer where an attempt takes longer.
const enough = time.Minute

// opened says what it means that a connection could not be opened or refreshed.
// Nothing was sent then, in any case.
func (c *Calls) opened(ctx context.Context, s sight.Sight, err error) error {
	var closed *lend.ClosedError
	if !errors.As(err, &closed) {
		return err
	}
	var failure *networks.Failure
	switch {
	case closed.Gone(), closed.Unreadable():
		c.Logger.ErrorContext(ctx, "a stored authorization cannot be read", "connection", s.Connection.String(), "error", err)
		return &networks.Failure{Kind: networks.Reauth, Code: lend.Lost, Cause: err,
			Detail: "The stored authorization cannot be read any more."}
	case errors.As(err, &failure) && handsOn(failure.Kind):
		return failure
	default:
		put := networks.Unsent("credential", err)
		put.RetryAfter = networks.RetryAfter(err)
		return put
	}
}

// handsOn reports whether a failed refresh means the same for what was to be
// sent: a person has to connect again, or it has to wait for as long as the
// network says.
func handsOn(kind networks.FailureKind) bool {
	switch kind {
	case networks.Reauth, networks.RateLimited, networks.Blocked:
		return true
	default:
		return false
	}
}
