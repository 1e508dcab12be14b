package publish

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post/outcome"
	"behalf/internal/networks"
	"behalf/workers/publish/call"
	"behalf/workers/publish/sight"
)

// settle turns what came of an attempt into a command.
//
//	published                      RecordPublished
//	held, moved, too late, not sent     ReleaseTarget: certainly nothing was sent; until the network is back, if it said when
//	rate limited, held back        ReleaseTarget, until the network allows it again
//	authorization or right ended   HoldTarget, and its holder is asked (R44, R45)
//	refused as a second one        RecordPublished, if the first one proves to be ours (R59); else FailTarget
//	refused as it is               FailTarget
//	anybody's guess                nothing: the target stays claimed and is reconciled (R59)
//
// The error says that the attempt's end is not recorded.
func (p *Publisher) settle(ctx context.Context, a attempt, published networks.Published, err error) error {
	now := p.Clock.Now()
	a.class = classOf(err)
	var failure *networks.Failure
	switch {
	case err == nil:
		return p.published(ctx, a, published)
	case errors.Is(err, errMoved):
		return p.release(ctx, a, "moved", "What it goes out through was changed while it was being sent.", now)
	case errors.Is(err, errHeld):
		return p.release(ctx, a, "quarantine", "Nothing is published until an operator has looked at the restored database.", now)
	case errors.Is(err, errLate):
		return p.release(ctx, a, "deadline_passed", "It could not be sent in the time that an attempt has.", now.Add(p.backoff(ctx, a, 0)))
	case call.LostOf(err) != nil:
		return p.hold(ctx, a, call.LostOf(err))
	case !errors.As(err, &failure):
		p.count(ctx, a.claim.Account, "ambiguous", a.class)
		return err
	}
	switch failure.Kind {
	case networks.RateLimited, networks.Blocked:
		return p.release(ctx, a, failure.Code, failure.Detail, p.allowed(ctx, a, now.Add(p.backoff(ctx, a, max(failure.RetryAfter, time.Second)))))
	case networks.NotSent, networks.Unavailable:
		return p.release(ctx, a, failure.Code, failure.Detail, p.allowed(ctx, a, now.Add(p.backoff(ctx, a, failure.RetryAfter))))
	case networks.Misconfigured:
		p.Logger.ErrorContext(ctx, "the registration with a network is wrong", "code", failure.Code, "error", failure)
		return p.release(ctx, a, failure.Code, failure.Detail, now.Add(p.backoff(ctx, a, 0)))
	case networks.Duplicate:
		return p.duplicate(ctx, a, failure)
	case networks.Rejected, networks.NoPermission, networks.Denied, networks.Gone:
		return p.fail(ctx, a, failure)
	default: // Ambiguous, and what a later version may bring
		p.count(ctx, a.claim.Account, "ambiguous", a.class)
		return failure
	}
}

// classOf is what kind of end an attempt has, for counting.
func classOf(err error) string {
	switch {
	case errors.Is(err, errMoved):
		return "moved"
	case errors.Is(err, errHeld):
		return "quarantine"
	case errors.Is(err, errLate):
		return "late"
	default:
		return string(networks.KindOf(err))
	}
}

// count counts how an attempt went, by the network of the account.
func (p *Publisher) count(ctx context.Context, on domain.AccountID, outcome, class string) {
	p.Meter.Outcome(p.reader.Known(on).Network, outcome, class) // empty: this process did not publish there itself
	said(ctx, outcome, class)
}

func (p *Publisher) published(ctx context.Context, a attempt, published networks.Published) error {
	p.count(ctx, a.claim.Account, "published", a.class)
	_, err := p.desk.Issue(ctx, a.claim.Workspace, &outcome.RecordPublished{
		AttemptRef: ref(a.claim), Remote: published.RemoteID, URL: published.URL,
	})
	if err == nil {
		p.prepare.Used(ctx, sight.OfClaim(a.claim), a.claimed)
	}
	return err
}

func (p *Publisher) fail(ctx context.Context, a attempt, failure *networks.Failure) error {
	p.count(ctx, a.claim.Account, "failed", a.class)
	_, err := p.desk.Issue(ctx, a.claim.Workspace, &outcome.FailTarget{
		AttemptRef: ref(a.claim), Code: failure.Code, Detail: failure.Detail, Rights: failure.OfRights(),
	})
	return err
}

func (p *Publisher) release(ctx context.Context, a attempt, code, detail string, notBefore time.Time) error {
	p.count(ctx, a.claim.Account, "released", a.class)
	_, err := p.desk.Issue(ctx, a.claim.Workspace, &outcome.ReleaseTarget{
		AttemptRef: ref(a.claim), Code: code, Detail: detail, NotBefore: notBefore,
	})
	return err
}

// hold lets the target wait for its holder, unless the holder has connected
// again while the old authorization was being tried.
func (p *Publisher) hold(ctx context.Context, a attempt, failure *networks.Failure) error {
	loaded, err := p.reader.Load(ctx, sight.OfClaim(a.claim))
	if err != nil {
		return err
	}
	if !loaded.Stands(a.claim.Attempt, a.claimed) {
		return p.release(ctx, a, "moved", "The connection was replaced while it was being used.", p.Clock.Now())
	}
	p.count(ctx, a.claim.Account, "needs_reauthentication", a.class)
	_, err = p.desk.Issue(ctx, a.claim.Workspace, &outcome.HoldTarget{
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
func (p *Publisher) backoff(ctx context.Context, a attempt, asked time.Duration) time.Duration {
	ceiling := shortestPause
	if loaded, err := p.reader.Load(ctx, sight.OfClaim(a.claim)); err == nil {
		ceiling = pauseUpTo(p.Clock.Now().Add(asked).Sub(loaded.Due()), loaded.Grace())
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
func (p *Publisher) allowed(ctx context.Context, a attempt, again time.Time) time.Time {
	loaded, err := p.reader.Load(ctx, sight.OfClaim(a.claim))
	if err != nil {
		return again
	}
	if end := loaded.Due().Add(loaded.Grace() + time.Second); again.After(end) {
		return end
	}
	return again
}
