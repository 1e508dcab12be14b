package publish

import (
	"context"
	"errors"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/workers/issue"
	"behalf/workers/jobs"
	"behalf/workers/publish/pace"
)

// preflightTime bounds looking one target over, its uploads included.
const preflightTime = 2 * time.Minute

// preflight looks a target over minutes before its time, once all its gates
// have passed: whose connection, does it work, may it post there, does the
// network take the content. It uploads media and makes what nobody sees yet.
// Whoever can mend what is found is told while there is time (R44). Nothing of
// it is needed for publishing, and nothing visible comes of it; the error says
// that it should be tried again.
func (p *Publisher) preflight(ctx context.Context, t jobs.Target) error {
	if p.Watch.Holds() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, preflightTime)
	defer cancel()
	claim := jobs.Claim{Workspace: t.Workspace, Post: t.Post, Account: t.Account}
	loaded, err := p.load(ctx, claim)
	if err != nil {
		return err
	}
	s, due, err := p.ahead(ctx, loaded, claim)
	if !due {
		return err
	}
	if err == nil {
		err = p.weighed(ctx, s, p.lookOver(ctx, s))
	}
	lost := lostOf(err)
	var failure *networks.Failure
	switch {
	case err == nil:
		p.Meter.Preflight("ready")
		return nil
	case lost != nil:
		p.Meter.Preflight("needs_reauthentication")
		return p.ask(ctx, t.Workspace, account.RecordReauthenticationNeeded{
			Account: t.Account, Holder: s.claimed.Holder, Connection: s.connection, Code: lost.Code, Detail: lost.Detail,
		})
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
func (p *Publisher) lookOver(ctx context.Context, s sight) error {
	if s.connector.Capabilities().Manual {
		return p.fits(ctx, s)
	}
	p.discardOthers(ctx, s)
	if err := p.verify(ctx, s); err != nil || !s.prepares() {
		return err
	}
	return p.through(ctx, s, true, func(c networks.Credential) error {
		_, err := p.prepared(ctx, s, c)
		return err
	})
}

// trouble has the one person told, once, who can mend what the network would
// refuse: the holder what the connection may not do, the author everything else.
// A registration that is wrong is an operator's matter, who finds it in the log.
func (p *Publisher) trouble(ctx context.Context, s sight, failure *networks.Failure) error {
	if failure.Kind == networks.Misconfigured {
		return nil
	}
	report := &sending.ReportTrouble{
		Post: s.post, Account: s.account, Revision: s.claimed.Revision, Code: failure.Code, Detail: failure.Detail, To: s.author,
	}
	if failure.OfRights() {
		report.To, report.Rights = s.claimed.Holder, true
	}
	_, err := p.desk.Issue(ctx, s.workspace, report)
	if issue.Refused(err) { // the target has gone
		return nil
	}
	return err
}

// ahead is the sight that a claim would have now; due is false when there will
// be none, or nothing can be said about it yet. With an error it is no more than
// whom the target concerns.
func (p *Publisher) ahead(ctx context.Context, loaded eventstore.Loaded, claim jobs.Claim) (s sight, due bool, err error) {
	content := domain.Fact[*post.Post](loaded.Facts, post.Stream(claim.Post))
	target := content.Targets[claim.Account]
	if target.State != post.Due {
		return sight{}, false, nil
	}
	w := domain.Fact[*workspace.Workspace](loaded.Facts, workspace.Stream(claim.Workspace))
	held := domain.Fact[*account.Account](loaded.Facts, account.Stream(claim.Account))
	now, err := credential.Resolve(*w, claim.Account, *held, target.Author, target.Identity)
	if err != nil { // paused, closed, gone: found out again at its time
		return sight{}, false, nil
	}
	if !now.Usable() && !p.byHand(held.Network) {
		p.Meter.Preflight("needs_reauthentication")
		if now.State == account.Missing {
			return sight{}, false, p.ask(ctx, claim.Workspace, account.RecordReauthenticationNeeded{
				Account: claim.Account, Holder: now.Holder, Connection: now.Connection, Code: sending.NoConnection,
				Detail: "The person whose connection this goes out through has not connected the account.",
			})
		}
		return sight{}, false, nil // the holder was asked when it broke
	}
	claimed := post.TargetClaimed{
		Account: claim.Account, Revision: content.Revision, Key: sending.Key(claim.Post, claim.Account, content.Revision),
		Mode: now.Mode, Holder: now.Holder, Connection: now.Connection, Identity: now.Identity,
	}
	if s, err = p.see(ctx, loaded, claim, claimed); err != nil { // enough of it for who is told
		s = sight{workspace: claim.Workspace, post: claim.Post, account: claim.Account, claimed: claimed}
	}
	s.author = target.Author
	return s, true, err
}

// verify asks the network whether the connection may post to the account as the
// identity, and whether it takes the content (R37, R60).
func (p *Publisher) verify(ctx context.Context, s sight) error {
	if err := p.fits(ctx, s); err != nil {
		return err
	}
	loan := p.loan(s, true)
	loan.Connector = heedful{Connector: loan.Connector, pace: p.Pace, sight: s}
	_, err := loan.Verify(ctx, s.session(networks.Credential{}))
	return p.opened(ctx, s, err)
}

// heedful is a connector that asks about an access as whoever asks what became of
// a post: unless the network said to wait, and telling when it does. Whether its
// host answers is left to calls that somebody waits for.
type heedful struct {
	networks.Connector
	pace  *pace.Pace
	sight sight
}

// VerifyAccess implements networks.Connector.
func (h heedful) VerifyAccess(ctx context.Context, with networks.Session) (networks.Access, error) {
	subject := h.sight.subject(with.Credential, pace.Read)
	if wait := h.pace.Held(ctx, subject); wait > 0 {
		return networks.Access{}, rests(wait)
	}
	access, err := h.Connector.VerifyAccess(ctx, with)
	h.pace.Heed(ctx, subject, networks.FailureOf(err))
	return access, err
}

// fits checks the content against the network's limits (R60).
func (p *Publisher) fits(ctx context.Context, s sight) error {
	limits, err := s.connector.Limits(ctx, s.remote)
	if err != nil {
		return err
	}
	if violations := limits.Check(s.content); len(violations) > 0 {
		return &networks.Failure{Kind: networks.Rejected, Code: violations[0].Code, Detail: violations[0].Detail}
	}
	return nil
}
