package prepare

import (
	"context"
	"errors"
	"time"

	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/internal/networks"
	"behalf/workers/issue"
	"behalf/workers/jobs"
	"behalf/workers/publish/call"
	"behalf/workers/publish/sight"
)

// preflightTime bounds looking one target over, its uploads included.
const preflightTime = 2 * time.Minute

// Preflight looks a target over minutes before its time, once all its gates
// have passed: whose connection, does it work, may it post there, does the
// network take the content. It uploads media and makes what nobody sees yet.
// Whoever can mend what is found is told while there is time (R44). Nothing of
// it is needed for publishing, and nothing visible comes of it; the error says
// that it should be tried again.
func (p *Preparer) Preflight(ctx context.Context, t jobs.Target) error {
	if p.Watch.Holds() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, preflightTime)
	defer cancel()
	loaded, err := p.Reader.Load(ctx, sight.OfTarget(t))
	if err != nil {
		return err
	}
	s, due, err := p.ahead(ctx, loaded)
	if !due {
		return err
	}
	if err == nil {
		err = p.Calls.Weighed(ctx, s, p.lookOver(ctx, s))
	}
	lost := call.LostOf(err)
	var failure *networks.Failure
	switch {
	case err == nil:
		p.Meter.Preflight("ready")
		return nil
	case lost != nil:
		p.Meter.Preflight("needs_reauthentication")
		_, err := p.Desk.Issue(ctx, t.Workspace, &account.RecordReauthenticationNeeded{
			Account: t.Account, Holder: s.Claimed.Holder, Connection: s.Connection, Code: lost.Code, Detail: lost.Detail,
		})
		return err
	case !errors.As(err, &failure):
		return err
	case failure.Passes():
		p.Meter.Preflight("put_off")
		return failure
	default:
		p.Meter.Preflight("trouble")
		p.Logger.WarnContext(ctx, "a target will be refused", "post", t.Post.String(), "account", t.Account.String(), "code", failure.Code)
		return p.trouble(ctx, s, failure)
	}
}

// lookOver does what can be done ahead: through the connection, or, where people
// post by hand, with no more than the content.
func (p *Preparer) lookOver(ctx context.Context, s sight.Sight) error {
	if s.Connector.Capabilities().Manual {
		return p.fits(ctx, s)
	}
	p.tidyOthers(ctx, s)
	if err := p.verify(ctx, s); err != nil || !Needed(s) {
		return err
	}
	return p.Calls.Through(ctx, s, true, func(c networks.Credential) error {
		_, err := p.Prepared(ctx, s, c)
		return err
	})
}

// trouble has the one person told, once, who can mend what the network would
// refuse: the holder what the connection may not do, the author everything else.
// A registration that is wrong is an operator's matter, who finds it in the log.
func (p *Preparer) trouble(ctx context.Context, s sight.Sight, failure *networks.Failure) error {
	if failure.Kind == networks.Misconfigured {
		return nil
	}
	report := &sending.ReportTrouble{
		Post: s.Of.Post, Account: s.Of.Account, Revision: s.Claimed.Revision, Code: failure.Code, Detail: failure.Detail, To: s.Target().Author,
	}
	if failure.OfRights() {
		report.To, report.Rights = s.Claimed.Holder, true
	}
	_, err := p.Desk.Issue(ctx, s.Of.Workspace, report)
	if issue.Refused(err) { // the target has gone
		return nil
	}
	return err
}

// ahead is the sight that a claim would have now; due is false when there will
// be none, or nothing can be said about it yet. With an error it is no more than
// whom the target concerns.
func (p *Preparer) ahead(ctx context.Context, l sight.Loaded) (s sight.Sight, due bool, err error) {
	target := l.Target()
	if target.State != post.Due {
		return sight.Sight{}, false, nil
	}
	now, err := l.Resolve()
	if err != nil { // paused, closed, gone: found out again at its time
		return sight.Sight{}, false, nil
	}
	if !now.Usable() && !p.Reader.ByHand(l.Account.Network) {
		p.Meter.Preflight("needs_reauthentication")
		if now.State == account.Missing {
			_, err := p.Desk.Issue(ctx, l.Of.Workspace, &account.RecordReauthenticationNeeded{
				Account: l.Of.Account, Holder: now.Holder, Connection: now.Connection, Code: sending.NoConnection,
				Detail: "The person whose connection this goes out through has not connected the account.",
			})
			return sight.Sight{}, false, err
		}
		return sight.Sight{}, false, nil // the holder was asked when it broke
	}
	claimed := post.TargetClaimed{
		Account: l.Of.Account, Revision: l.Post.Revision, Key: sending.Key(l.Of.Post, l.Of.Account, l.Post.Revision),
		Mode: now.Mode, Holder: now.Holder, Connection: now.Connection, Identity: now.Identity,
	}
	if s, err = p.Reader.See(ctx, l, claimed); err != nil { // enough of it for who is told
		s = sight.Sight{Loaded: l, Claimed: claimed}
	}
	return s, true, err
}

// verify asks the network whether the connection may post to the account as the
// identity, and whether it takes the content (R37, R60).
func (p *Preparer) verify(ctx context.Context, s sight.Sight) error {
	if err := p.fits(ctx, s); err != nil {
		return err
	}
	return p.Calls.Verify(ctx, s)
}

// fits checks the content against the network's limits (R60).
func (p *Preparer) fits(ctx context.Context, s sight.Sight) error {
	limits, err := s.Connector.Limits(ctx, s.Account.Remote)
	if err != nil {
		return err
	}
	if violations := limits.Check(s.Content); len(violations) > 0 {
		return &networks.Failure{Kind: networks.Rejected, Code: violations[0].Code, Detail: violations[0].Detail}
	}
	return nil
}
