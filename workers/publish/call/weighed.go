package call

import (
	"context"
	"errors"
	"time"

	"behalf/internal/networks"
	"behalf/workers/lend"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/sight"
)

// lostError is a refusal that is the connection's: nothing goes out through it
// before its holder has mended it (R44).
type lostError struct{ *networks.Failure }

// Unwrap returns what the network said.
func (e lostError) Unwrap() error { return e.Failure }

// LostOf is what a holder has to mend; nil where an error is something else.
func LostOf(err error) *networks.Failure {
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

// Weighed says of a refusal whether it is the connection's, which may not post to
// the account any more at all, or this target's: its identity's, its content's.
// Networks answer both with the same codes, so that they are asked what the daily
// care asks, about the connection alone (R37). Nothing was sent, in any case;
// where the network cannot say, the target is to be tried again.
func (c *Calls) Weighed(ctx context.Context, s sight.Sight, err error) error {
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
	_, said := c.heedful(s, false).Check(ctx, s.Account.Remote)
	said = c.opened(ctx, s, said)
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

// Verify asks the network whether the connection may post to the account as the
// identity (R37).
func (c *Calls) Verify(ctx context.Context, s sight.Sight) error {
	_, err := c.heedful(s, true).Verify(ctx, s.Session(networks.Credential{}))
	return c.opened(ctx, s, err)
}

// heedful is a loan that asks about an access as whoever asks what became of a post.
func (c *Calls) heedful(s sight.Sight, sending bool) lend.Loan {
	loan := c.loan(s, sending)
	loan.Connector = heedful{Connector: loan.Connector, calls: c, sight: s}
	return loan
}

type heedful struct {
	networks.Connector
	calls *Calls
	sight sight.Sight
}

// VerifyAccess implements networks.Connector.
func (h heedful) VerifyAccess(ctx context.Context, with networks.Session) (access networks.Access, err error) {
	err = h.calls.Heeding(ctx, Subject(h.sight, with.Credential, pace.Read), func() error {
		access, err = h.Connector.VerifyAccess(ctx, with)
		return err
	})
	return access, err
}
