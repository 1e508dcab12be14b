package publish

import (
	"context"
	"errors"
	"time"

	"behalf/internal/networks"
	"behalf/workers/lend"
)

// through calls use with the connection's credential. What is to be sent gets
// one that lasts. The errors of through itself are *networks.Failure that say
// that nothing was sent, Reauth among them.
func (p *Publisher) through(ctx context.Context, s sight, sending bool, use func(networks.Credential) error) error {
	return p.opened(ctx, s, p.loan(s, sending).Through(ctx, use))
}

func (p *Publisher) loan(s sight, sending bool) lend.Loan {
	loan := lend.Loan{Vault: p.Vault, Connector: s.connector, Connection: s.connection, Going: &p.begun}
	if sending {
		now := p.Clock.Latest()
		loan.Until, loan.Enough = now.Add(s.connector.Capabilities().RefreshBefore), now.Add(max(enough, p.Life))
	}
	return loan
}

// enough is how long a credential must last at least that is used although it
// could not be refreshed for now; longer where an attempt takes longer.
const enough = time.Minute

// opened says what it means that a connection could not be opened or refreshed.
// Nothing was sent then, in any case.
func (p *Publisher) opened(ctx context.Context, s sight, err error) error {
	var closed *lend.ClosedError
	if !errors.As(err, &closed) {
		return err
	}
	var failure *networks.Failure
	switch {
	case closed.Gone(), closed.Unreadable():
		p.Logger.ErrorContext(ctx, "a stored authorization cannot be read", "connection", s.connection.String(), "error", err)
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
