package publish

import (
	"context"
	"errors"
	"time"

	"behalf/internal/networks"
	"behalf/workers/lend"
)

// lostError is a refusal that is the connection's: nothing goes out through it
// before its holder has mended it (R44).
type lostError struct{ *networks.Failure }

// Unwrap returns what the network said.
func (e lostError) Unwrap() error { return e.Failure }

// lostOf is what a holder has to mend; nil where an error is something else.
func lostOf(err error) *networks.Failure {
	if lost, ok := errors.AsType[lostError](err); ok {
		return lost.Failure
	}
	if failure := networks.FailureOf(err); failure != nil && failure.Kind == networks.Reauth {
		return failure
	}
	return nil
}

// weighTime bounds asking what a refusal is about.
const weighTime = 10 * time.Second

// weighed says of a refusal whether it is the connection's, which may not post to
// the account any more at all, or this target's: its identity's, its content's.
// Networks answer both with the same codes, so that they are asked what the daily
// care asks, about the connection alone (R37). Nothing was sent, in any case;
// where the network cannot say, the target is to be tried again.
func (p *Publisher) weighed(ctx context.Context, s sight, err error) error {
	refusal := networks.FailureOf(err)
	switch {
	case refusal == nil:
		return err
	case refusal.Kind == networks.NoPermission && refusal.OfConnection:
		return lostError{refusal}
	case refusal.Kind != networks.NoPermission && refusal.Kind != networks.Gone:
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, weighTime)
	defer cancel()
	loan := p.loan(s, false)
	loan.Connector = heedful{Connector: loan.Connector, pace: p.Pace, sight: s}
	_, said := loan.Check(ctx, s.remote)
	said = p.opened(ctx, s, said)
	if said == nil {
		return err
	}
	if ended := lend.Ended(said); ended != nil {
		return lostError{ended}
	}
	failure := networks.FailureOf(said)
	if failure != nil && !failure.Passes() && failure.Kind != networks.Blocked && failure.Kind != networks.Misconfigured {
		return err
	}
	return &networks.Failure{
		Kind: networks.Unavailable, Code: refusal.Code, Detail: refusal.Detail, RetryAfter: networks.RetryAfter(said), Cause: said,
	}
}
