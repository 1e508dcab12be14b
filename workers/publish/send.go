package publish

import (
	"context"
	"errors"
	"time"

	"behalf/internal/networks"
	"behalf/workers/publish/call"
	"behalf/workers/publish/judge"
	"behalf/workers/publish/lanes"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/sight"
)

// sendBefore is the moment from which on nothing is sent: the answer, too, has
// to come before others begin to reconcile.
func (p *Publisher) sendBefore(a judge.Attempt) time.Time {
	return a.Claim.Deadline.Add(-p.Life * 2 / 5)
}

// answerBefore is how long the network's answer is awaited.
func (p *Publisher) answerBefore(a judge.Attempt) time.Time { return a.Claim.Deadline.Add(-p.Life / 5) }

// attempt sends, and records how that went. Whatever is not recorded is
// reconciled after the deadline.
func (p *Publisher) attempt(ctx context.Context, a judge.Attempt) {
	published, err := p.send(ctx, a)
	p.way.Give(p.Life)
	// the record outlives this worker's patience: something may be live
	recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	if err := p.judge.Settle(recording, a, published, err); err != nil {
		p.Logger.WarnContext(ctx, "how an attempt ended has to be found out", "attempt", a.Claim.Attempt.String(), "error", err)
		p.ArmReconcile(a.Claim)
	}
}

// recordTime bounds the recording of an outcome.
const recordTime = 10 * time.Second

// send makes the irreversible call at the attempt's moment, after the last
// check. Errors other than judge.ErrMoved, judge.ErrLate and judge.ErrHeld are
// *networks.Failure; all but Ambiguous mean that nothing was published.
func (p *Publisher) send(ctx context.Context, a judge.Attempt) (published networks.Published, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.Clock.Until(p.answerBefore(a)))
	defer cancel()
	seen, err := p.look(ctx, a)
	if err != nil {
		return networks.Published{}, err
	}
	err = p.calls.Through(ctx, seen, true, func(c networks.Credential) error {
		prepared, err := p.prepare.Prepared(ctx, seen, c)
		if err != nil {
			return err
		}
		if err := p.await(ctx, seen.Claimed.Since()); err != nil {
			return networks.Unsent("moment", err)
		}
		defer p.way.Pressing()()
		done, err := p.lanes.Sending(ctx, lanes.At(seen.Account.Network, seen.Account.Remote), seen.Of.Workspace)
		if err != nil {
			return networks.Unsent("slot", err)
		}
		defer done()
		published, err = p.publishNow(ctx, a, seen, c, prepared)
		return err
	})
	return published, p.calls.Weighed(ctx, seen, err)
}

// publishNow is the last check and the call.
func (p *Publisher) publishNow(ctx context.Context, a judge.Attempt, s sight.Sight, c networks.Credential, prepared networks.Prepared) (networks.Published, error) {
	capabilities := s.Connector.Capabilities()
	subject := call.Subject(s, c, pace.Write)
	if wait := p.Pace.Wait(ctx, subject, capabilities.Budgets); wait > 0 {
		return networks.Published{}, call.Rests(wait)
	}
	told := false
	defer func() {
		if !told { // nothing was sent, or it ended with a panic
			p.Pace.Left(subject)
		}
	}()
	if capabilities.Reconciling == networks.NoReconciling {
		if err := p.Shelf.Note(ctx, a.Claim.Attempt); err != nil {
			return networks.Published{}, networks.Unsent("note", err)
		}
	}
	at, err := p.lastCheck(ctx, a, s)
	if err != nil {
		return networks.Published{}, err
	}
	p.Meter.Late(s.Account.Network, at.Sub(s.Due))
	before := p.Clock.Here(p.sendBefore(a))
	published, err := s.Connector.Publish(networks.SendBefore(ctx, before), s.Session(c), s.Attempt(prepared))
	p.Pace.Told(ctx, subject, networks.FailureOf(err))
	told = true
	if err == nil {
		p.uses.Note(s.Connection, at)
	}
	return published, err
}

// await returns once a moment has certainly come, by the database's clock.
func (p *Publisher) await(ctx context.Context, moment time.Time) error {
	for {
		left := moment.Sub(p.Clock.Earliest())
		if left <= 0 {
			return nil
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// look reads the streams that the claim was decided on, and whether it stands.
func (p *Publisher) look(ctx context.Context, a judge.Attempt) (sight.Sight, error) {
	loaded, err := p.reader.Load(ctx, sight.OfClaim(a.Claim))
	if err != nil {
		return sight.Sight{}, networks.Unsent("look", err)
	}
	if !loaded.Stands(a.Claim.Attempt, a.Claimed) {
		return sight.Sight{}, judge.ErrMoved
	}
	return p.reader.See(ctx, loaded, a.Claimed)
}

// lastCheck comes right before the call that cannot be undone (R42, R64): if
// any of the streams has moved, everything is decided again as it is now. It
// answers the database's time, which says that the moment has come and that
// there is time left.
func (p *Publisher) lastCheck(ctx context.Context, a judge.Attempt, seen sight.Sight) (time.Time, error) {
	answer, err := p.checks.Ask(ctx, seen.Log)
	at := answer.At
	if err != nil {
		return at, networks.Unsent("last_check", err)
	}
	if answer.Held {
		return at, judge.ErrHeld
	}
	if answer.Moved {
		loaded, err := p.reader.Load(ctx, sight.OfClaim(a.Claim))
		if err != nil {
			return at, networks.Unsent("last_check", err)
		}
		if !loaded.Stands(a.Claim.Attempt, a.Claimed) {
			return at, judge.ErrMoved
		}
	}
	switch {
	case at.Before(a.Claimed.Since()): // the clock was set back
		return at, networks.Unsent("too_early", errors.New("the database's clock was set back"))
	case !at.Before(p.sendBefore(a)):
		return at, judge.ErrLate
	default:
		return at, nil
	}
}
