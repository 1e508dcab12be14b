package judge

import (
	"context"
	"errors"
	"time"

	"behalf/domain/account"
	"behalf/domain/post/outcome"
	"behalf/internal/networks"
	"behalf/workers/publish/call"
	"behalf/workers/publish/sight"
)

// Settle turns what came of an attempt into a command.
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
func (j *Judge) Settle(ctx context.Context, a Attempt, published networks.Published, err error) error {
	now := j.Clock.Now()
	a.class = classOf(err)
	var failure *networks.Failure
	switch {
	case err == nil:
		return j.published(ctx, a, published)
	case errors.Is(err, ErrMoved):
		return j.release(ctx, a, "moved", "What it goes out through was changed while it was being sent.", now)
	case errors.Is(err, ErrHeld):
		return j.release(ctx, a, "quarantine", "Nothing is published until an operator has looked at the restored database.", now)
	case errors.Is(err, ErrLate):
		return j.release(ctx, a, "deadline_passed", "It could not be sent in the time that an attempt has.", now.Add(j.backoff(ctx, a, 0)))
	case call.LostOf(err) != nil:
		return j.hold(ctx, a, call.LostOf(err))
	case !errors.As(err, &failure):
		j.Count(ctx, a.Claim.Account, "ambiguous", a.class)
		return err
	}
	switch failure.Kind {
	case networks.RateLimited, networks.Blocked:
		return j.release(ctx, a, failure.Code, failure.Detail, j.allowed(ctx, a, now.Add(j.backoff(ctx, a, max(failure.RetryAfter, time.Second)))))
	case networks.NotSent, networks.Unavailable:
		return j.release(ctx, a, failure.Code, failure.Detail, j.allowed(ctx, a, now.Add(j.backoff(ctx, a, failure.RetryAfter))))
	case networks.Misconfigured:
		j.Logger.ErrorContext(ctx, "the registration with a network is wrong", "code", failure.Code, "error", failure)
		return j.release(ctx, a, failure.Code, failure.Detail, now.Add(j.backoff(ctx, a, 0)))
	case networks.Duplicate:
		return j.duplicate(ctx, a, failure)
	case networks.Rejected, networks.NoPermission, networks.Denied, networks.Gone:
		return j.fail(ctx, a, failure)
	default: // Ambiguous, and what a later version may bring
		j.Count(ctx, a.Claim.Account, "ambiguous", a.class)
		return failure
	}
}

func (j *Judge) published(ctx context.Context, a Attempt, published networks.Published) error {
	j.Count(ctx, a.Claim.Account, "published", a.class)
	_, err := j.Desk.Issue(ctx, a.Claim.Workspace, &outcome.RecordPublished{
		AttemptRef: ref(a.Claim), Remote: published.RemoteID, URL: published.URL,
	})
	if err == nil {
		j.Prepare.Used(ctx, sight.OfClaim(a.Claim), a.Claimed)
	}
	return err
}

func (j *Judge) fail(ctx context.Context, a Attempt, failure *networks.Failure) error {
	j.Count(ctx, a.Claim.Account, "failed", a.class)
	_, err := j.Desk.Issue(ctx, a.Claim.Workspace, &outcome.FailTarget{
		AttemptRef: ref(a.Claim), Code: failure.Code, Detail: failure.Detail, Rights: failure.OfRights(),
	})
	return err
}

func (j *Judge) release(ctx context.Context, a Attempt, code, detail string, notBefore time.Time) error {
	j.Count(ctx, a.Claim.Account, "released", a.class)
	_, err := j.Desk.Issue(ctx, a.Claim.Workspace, &outcome.ReleaseTarget{
		AttemptRef: ref(a.Claim), Code: code, Detail: detail, NotBefore: notBefore,
	})
	return err
}

// hold lets the target wait for its holder, who is asked once per outage (R44),
// unless the holder has connected again while the old authorization was being
// tried. Whoever could not be asked here is asked by the sweeper, which finds a
// held target without an outage.
func (j *Judge) hold(ctx context.Context, a Attempt, failure *networks.Failure) error {
	loaded, err := j.Reader.Load(ctx, sight.OfClaim(a.Claim))
	if err != nil {
		return err
	}
	if !loaded.Stands(a.Claim.Attempt, a.Claimed) {
		return j.release(ctx, a, "moved", "The connection was replaced while it was being used.", j.Clock.Now())
	}
	j.Count(ctx, a.Claim.Account, "needs_reauthentication", a.class)
	_, err = j.Desk.Issue(ctx, a.Claim.Workspace, &outcome.HoldTarget{
		AttemptRef: ref(a.Claim), Code: failure.Code, Detail: failure.Detail,
	})
	if err != nil {
		return err
	}
	_, err = j.Desk.Issue(ctx, a.Claim.Workspace, &account.RecordReauthenticationNeeded{
		Account: a.Claim.Account, Holder: a.Claimed.Holder, Connection: a.Claimed.Connection,
		Code: failure.Code, Detail: failure.Detail,
	})
	return err
}
