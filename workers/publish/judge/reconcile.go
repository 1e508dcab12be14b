package judge

import (
	"context"
	"errors"
	"strings"
	"time"

	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/internal/networks"
	"behalf/workers/jobs"
	"behalf/workers/publish/call"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/prepare"
	"behalf/workers/publish/shelf"
	"behalf/workers/publish/sight"
)

// Reconcile finds out how an attempt ended that nobody has recorded (R59). Two
// workers doing it at once do no harm: the first word counts. The error says
// that the network could not be asked now; the target stays claimed.
func (j *Judge) Reconcile(ctx context.Context, claim jobs.Claim) error {
	if err := j.Clock.Sync(ctx); err != nil {
		return err
	}
	loaded, err := j.Reader.Load(ctx, sight.OfClaim(claim))
	if err != nil {
		return err
	}
	target := loaded.Target()
	if target.State != post.Claimed || target.Attempt != claim.Attempt {
		j.absences.forget(claim.Attempt)
		return nil
	}
	now := j.Clock.Now() // before the network is asked: what it answers is of no earlier moment
	if now.Before(target.Claim.Deadline) {
		claim.Deadline = target.Claim.Deadline.UTC()
		j.Later(claim, claim.Deadline)
		return nil
	}
	j.asking.at(now)
	a := Attempt{Claim: claim, Claimed: target.Claim}
	seen, err := j.Reader.Ask(ctx, loaded, target.Claim)
	if err != nil {
		return j.unasked(ctx, a, err)
	}
	if handled, err := j.repeat(ctx, a, seen); handled {
		return err
	}
	verdict, err := j.verdict(ctx, a, seen)
	if networks.KindOf(err) == networks.Reauth {
		verdict, err = j.otherwise(ctx, a, seen, err)
	}
	if err != nil {
		return j.unasked(ctx, a, err)
	}
	switch verdict.State {
	case networks.Live:
		j.absences.forget(claim.Attempt)
		return j.published(ctx, a, verdict.Published)
	case networks.Absent:
		proof := j.absences.since(claim.Attempt, now).Add(seen.Connector.Capabilities().AbsentAfter)
		if now.Before(proof) { // what the network does not show yet may still come
			j.Later(claim, proof)
			return nil
		}
		j.absences.forget(claim.Attempt)
		return j.release(ctx, a, "absent", "The network does not show it.", j.Clock.Now())
	default:
		return j.unknown(ctx, a, "The network cannot say whether it shows the post.")
	}
}

// verdict asks the network, or, where that cannot be asked, whether anything
// can have been sent at all. After a restore (R69) no absence follows from what is
// kept here: it may be of before.
func (j *Judge) verdict(ctx context.Context, a Attempt, s sight.Sight) (networks.Verdict, error) {
	restored, err := j.Watch.Restored(ctx)
	if err != nil {
		return networks.Verdict{}, err
	}
	var verdict networks.Verdict
	capabilities := s.Connector.Capabilities()
	if capabilities.Reconciling == networks.NoReconciling {
		verdict, err = j.noted(ctx, a)
	} else {
		verdict, err = j.asked(ctx, s, s.Claimed.Since())
	}
	if restored {
		verdict = forgotten(capabilities, verdict)
	}
	return verdict, err
}

// noted is what our own note says of an attempt: that nothing was about to be
// sent, as long as notes are kept.
func (j *Judge) noted(ctx context.Context, a Attempt) (networks.Verdict, error) {
	noted, err := j.Shelf.Noted(ctx, a.Claim.Attempt)
	if err != nil || noted || j.Clock.Latest().Sub(a.Claimed.Since()) > shelf.Kept {
		return networks.Verdict{State: networks.Unknown}, err
	}
	return networks.Verdict{State: networks.Absent}, nil
}

// asked is what the network says about what was sent since then.
func (j *Judge) asked(ctx context.Context, s sight.Sight, since time.Time) (verdict networks.Verdict, err error) {
	made, err := j.Prepare.Made(ctx, s)
	if err != nil {
		return networks.Verdict{}, err
	}
	sent := s.Attempt(made)
	sent.Begun = since
	err = j.Calls.Through(ctx, s, false, func(c networks.Credential) error {
		return j.Calls.Paced(ctx, call.Subject(s, c, pace.Read), nil, func() (err error) {
			verdict, err = s.Connector.Reconcile(ctx, s.Session(c), sent)
			return err
		})
	})
	return verdict, err
}

// otherwise asks by the key through the connection that the target would go out
// through now: the one that it was sent through is gone, perhaps with the member
// who held it (R62). Where something else than the key is asked for, another
// connection might see less, and cause is all that can be said.
func (j *Judge) otherwise(ctx context.Context, a Attempt, s sight.Sight, cause error) (networks.Verdict, error) {
	now, err := s.Resolve()
	if s.Connector.Capabilities().Reconciling != networks.ByKey || err != nil || !now.Usable() || now.Connection == s.Connection {
		return networks.Verdict{}, cause
	}
	s.Connection = now.Connection
	return j.verdict(ctx, a, s)
}

// repeat sends an attempt again whose key the network still remembers: it
// answers the post that stands, or takes it now. That is done only while the
// post may still be sent as it was, and well within the time that keys last. A
// network that can be asked by the key is asked, and sent nothing.
func (j *Judge) repeat(ctx context.Context, a Attempt, s sight.Sight) (handled bool, err error) {
	capabilities := s.Connector.Capabilities()
	if capabilities.Idempotency != networks.IdempotencyKey || !s.AskedByWords() || !s.Stands(a.Claim.Attempt, a.Claimed) || j.Watch.Holds() {
		return false, nil
	}
	ends := s.Claimed.Since().Add(capabilities.KeyLasts - capabilities.KeyLasts/10)
	if grace := s.Due.Add(s.Grace()); grace.Before(ends) {
		ends = grace
	}
	ctx, cancel := context.WithTimeout(ctx, j.Life)
	defer cancel()
	found, err := j.Prepare.Find(ctx, s)
	switch {
	case err != nil:
		return true, err
	case prepare.Needed(s) && !found.Ready: // then it was not sent, or is out by now: the network says which
		return false, nil
	}
	var published networks.Published
	err = j.Calls.Through(ctx, s, false, func(c networks.Credential) error {
		return j.Calls.Paced(ctx, call.Subject(s, c, pace.Write), capabilities.Budgets, func() (err error) {
			answer, err := j.Checks.Ask(ctx, s.Log)
			if err != nil {
				return err
			}
			if answer.Moved || answer.Held || !answer.At.Add(j.Life).Before(ends) {
				return ErrMoved
			}
			published, err = s.Connector.Publish(networks.SendBefore(ctx, j.Clock.Here(ends)), s.Session(c), s.Attempt(found.Made))
			return err
		})
	})
	switch kind := networks.KindOf(err); {
	case err == nil:
		return true, j.published(ctx, a, published)
	case errors.Is(err, ErrMoved):
		return false, nil
	case kind == networks.Rejected, kind == networks.Duplicate:
		return true, j.Settle(ctx, a, published, err)
	case kind == networks.Reauth, kind == networks.NoPermission, kind == networks.Gone, kind == networks.Denied, kind == networks.Blocked:
		return false, nil // it cannot be repeated; perhaps it can be looked for
	default:
		return true, err
	}
}

// unasked decides what a failed question means. A network that can never be
// asked through this connection, or could not be asked for a day, leaves the
// outcome to a person.
func (j *Judge) unasked(ctx context.Context, a Attempt, err error) error {
	if errors.Is(err, sight.ErrWordless) {
		return j.unknown(ctx, a, wordless(err))
	}
	if j.asking.enough(j.Clock.Now(), a.Claimed.Deadline) {
		return j.unknown(ctx, a, "The network could not be asked for a day.")
	}
	var failure *networks.Failure
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Kind {
	case networks.Reauth:
		if err := j.unknown(ctx, a, "The connection that it was sent through can no longer ask the network."); err != nil {
			return err
		}
		_, err = j.Desk.Issue(ctx, a.Claim.Workspace, &account.RecordReauthenticationNeeded{
			Account: a.Claim.Account, Holder: a.Claimed.Holder, Connection: a.Claimed.Connection,
			Code: failure.Code, Detail: failure.Detail,
		})
		return err
	case networks.NoPermission, networks.Gone, networks.Rejected, networks.Denied:
		return j.unknown(ctx, a, "The connection that it was sent through may not ask the network.")
	default:
		return err
	}
}

// wordless tells a person why the network was not asked: nothing is wrong with the
// connection, what the post says is gone.
func wordless(err error) string {
	gone := networks.FailureOf(err).Detail
	return strings.TrimSuffix(gone, ".") + ", and without it the network cannot be asked about the post."
}

func (j *Judge) unknown(ctx context.Context, a Attempt, detail string) error {
	j.Count(ctx, a.Claim.Account, "unknown", a.class)
	_, err := j.Desk.Issue(ctx, a.Claim.Workspace, &outcome.RecordUnknown{AttemptRef: ref(a.Claim), Detail: detail})
	return err
}
