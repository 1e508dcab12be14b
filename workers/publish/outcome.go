package publish

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/internal/networks"
)

// settle turns what came of an attempt into a command.
//
//	published                      RecordPublished
//	moved, too late, not sent      ReleaseTarget: certainly nothing was sent
//	rate limited                   ReleaseTarget, until the network allows it again
//	authorization ended            HoldTarget, and its holder is asked (R44, R45)
//	refused as it is               FailTarget
//	anybody's guess                nothing: the target stays claimed and is reconciled (R59)
//
// The error says that the attempt's end is not recorded.
func (p *Publisher) settle(ctx context.Context, a attempt, published networks.Published, err error) error {
	now := p.Now()
	var failure *networks.Failure
	switch {
	case err == nil:
		return p.published(ctx, a, published)
	case errors.Is(err, errMoved):
		return p.release(ctx, a, "moved", "What it goes out through was changed while it was being sent.", now)
	case errors.Is(err, errLate):
		return p.release(ctx, a, "deadline_passed", "It could not be sent in the time that an attempt has.", now.Add(p.backoff(ctx, a)))
	case !errors.As(err, &failure):
		p.Meter.Outcome("ambiguous")
		return err
	}
	switch failure.Kind {
	case networks.Reauth:
		return p.hold(ctx, a, failure)
	case networks.RateLimited:
		return p.release(ctx, a, failure.Code, failure.Detail, p.allowed(ctx, a, now.Add(max(failure.RetryAfter, time.Second))))
	case networks.NotSent, networks.Unavailable:
		return p.release(ctx, a, failure.Code, failure.Detail, now.Add(p.backoff(ctx, a)))
	case networks.Misconfigured:
		p.Logger.ErrorContext(ctx, "the registration with a network is wrong", "code", failure.Code, "error", failure)
		return p.release(ctx, a, failure.Code, failure.Detail, now.Add(p.backoff(ctx, a)))
	case networks.Rejected, networks.NoPermission, networks.Denied, networks.Duplicate, networks.Gone:
		p.Meter.Outcome("failed")
		_, err := p.desk.Issue(ctx, a.claim.Workspace, &post.FailTarget{
			AttemptRef: ref(a.claim), Code: failure.Code, Detail: failure.Detail,
		})
		return err
	default: // Ambiguous, and what a later version may bring
		p.Meter.Outcome("ambiguous")
		return failure
	}
}

func (p *Publisher) published(ctx context.Context, a attempt, published networks.Published) error {
	p.Meter.Outcome("published")
	_, err := p.desk.Issue(ctx, a.claim.Workspace, &post.RecordPublished{
		AttemptRef: ref(a.claim), Remote: published.RemoteID, URL: published.URL,
	})
	return err
}

func (p *Publisher) release(ctx context.Context, a attempt, code, detail string, notBefore time.Time) error {
	p.Meter.Outcome("released")
	_, err := p.desk.Issue(ctx, a.claim.Workspace, &post.ReleaseTarget{
		AttemptRef: ref(a.claim), Code: code, Detail: detail, NotBefore: notBefore,
	})
	return err
}

// hold lets the target wait for its holder, unless the holder has connected
// again while the old authorization was being tried.
func (p *Publisher) hold(ctx context.Context, a attempt, failure *networks.Failure) error {
	loaded, err := p.load(ctx, a.claim)
	if err != nil {
		return err
	}
	if !stands(loaded, a) {
		return p.release(ctx, a, "moved", "The connection was replaced while it was being used.", p.Now())
	}
	p.Meter.Outcome("needs_reauthentication")
	_, err = p.desk.Issue(ctx, a.claim.Workspace, &post.HoldTarget{
		AttemptRef: ref(a.claim), Code: failure.Code, Detail: failure.Detail,
	})
	if err != nil {
		return err
	}
	return p.ask(ctx, a.claim.Workspace, account.RecordReauthenticationNeeded{
		Account: a.claim.Account, Holder: a.claimed.Holder, Connection: a.claimed.Connection,
		Code: failure.Code, Detail: failure.Detail,
	})
}

// The bounds of a pause between two attempts.
const (
	shortestPause = time.Second
	longestPause  = 30 * time.Second
)

// backoff is exponential with full jitter and needs no counter: the pause is
// drawn from up to the time that the target is late already, which every pause
// makes longer.
func (p *Publisher) backoff(ctx context.Context, a attempt) time.Duration {
	ceiling := shortestPause
	if loaded, err := p.load(ctx, a.claim); err == nil {
		ceiling = p.Now().Sub(dueOf(loaded, a.claim))
	}
	return rand.N(min(max(ceiling, shortestPause), longestPause)) + 1 //nolint:gosec // G404: jitter, not a secret
}

// allowed is when a rate limit lets the target be tried again. One that lasts
// beyond the target's grace is looked at when that ends: nothing is sent then,
// but the author learns that it was missed (R56).
func (p *Publisher) allowed(ctx context.Context, a attempt, again time.Time) time.Time {
	loaded, err := p.load(ctx, a.claim)
	if err != nil {
		return again
	}
	if end := dueOf(loaded, a.claim).Add(post.Grace + time.Second); again.After(end) {
		return end
	}
	return again
}

// retryAfter is how long a network asked to be left alone; zero if it did not.
func retryAfter(err error) time.Duration {
	var failure *networks.Failure
	if errors.As(err, &failure) {
		return failure.RetryAfter
	}
	return 0
}
