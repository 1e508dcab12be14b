package publish

import (
	"context"
	"errors"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/workers/jobs"
	"behalf/workers/publish/lanes"
	"behalf/workers/publish/pace"
)

// Why an attempt ends before anything is sent, apart from a network's failure.
var (
	errMoved = errors.New("the claim does not stand any more")
	errLate  = errors.New("the time to send has passed")
	errHeld  = errors.New("nothing is published by now")
)

// attempt is a claim at work.
type attempt struct {
	claim   jobs.Claim
	claimed post.TargetClaimed
	class   string // what kind of end it had, for counting
}

// sendBefore is the moment from which on nothing is sent: the answer, too, has
// to come before others begin to reconcile.
func (p *Publisher) sendBefore(a attempt) time.Time { return a.claim.Deadline.Add(-p.Life * 2 / 5) }

// answerBefore is how long the network's answer is awaited.
func (p *Publisher) answerBefore(a attempt) time.Time { return a.claim.Deadline.Add(-p.Life / 5) }

// attempt sends, and records how that went. Whatever is not recorded is
// reconciled after the deadline.
func (p *Publisher) attempt(ctx context.Context, a attempt) {
	published, err := p.send(ctx, a)
	p.way.Give(p.Life)
	// the record outlives this worker's patience: something may be live
	recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	if err := p.settle(recording, a, published, err); err != nil {
		p.Logger.WarnContext(ctx, "how an attempt ended has to be found out", "attempt", a.claim.Attempt.String(), "error", err)
		p.ArmReconcile(a.claim)
	}
}

// recordTime bounds the recording of an outcome.
const recordTime = 10 * time.Second

// send makes the irreversible call at the attempt's moment, after the last
// check. Errors other than errMoved, errLate and errHeld are *networks.Failure;
// all but Ambiguous mean that nothing was published.
func (p *Publisher) send(ctx context.Context, a attempt) (published networks.Published, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.Clock.Until(p.answerBefore(a)))
	defer cancel()
	seen, err := p.look(ctx, a)
	if err != nil {
		return networks.Published{}, err
	}
	err = p.through(ctx, seen, true, func(c networks.Credential) error {
		prepared, err := p.prepared(ctx, seen, c)
		if err != nil {
			return err
		}
		if err := p.await(ctx, seen.claimed.Since()); err != nil {
			return networks.Unsent("moment", err)
		}
		defer p.way.Pressing()()
		done, err := p.lanes.Sending(ctx, lanes.At(seen.network, seen.remote), seen.workspace)
		if err != nil {
			return networks.Unsent("slot", err)
		}
		defer done()
		published, err = p.publishNow(ctx, a, seen, c, prepared)
		return err
	})
	return published, p.weighed(ctx, seen, err)
}

// publishNow is the last check and the call.
func (p *Publisher) publishNow(ctx context.Context, a attempt, s sight, c networks.Credential, prepared networks.Prepared) (networks.Published, error) {
	capabilities := s.connector.Capabilities()
	subject := s.subject(c, pace.Write)
	if wait := p.Pace.Wait(ctx, subject, capabilities.Budgets); wait > 0 {
		return networks.Published{}, rests(wait)
	}
	told := false
	defer func() {
		if !told { // nothing was sent, or it ended with a panic
			p.Pace.Left(subject)
		}
	}()
	if capabilities.Reconciling == networks.NoReconciling {
		if err := p.Shelf.Note(ctx, a.claim.Attempt); err != nil {
			return networks.Published{}, networks.Unsent("note", err)
		}
	}
	at, err := p.lastCheck(ctx, a, s)
	if err != nil {
		return networks.Published{}, err
	}
	p.Meter.Late(s.network, at.Sub(s.due))
	before := p.Clock.Here(p.sendBefore(a))
	published, err := s.connector.Publish(networks.SendBefore(ctx, before), s.session(c), s.attempt(prepared))
	p.Pace.Told(ctx, subject, networks.FailureOf(err))
	told = true
	if err == nil {
		p.uses.Note(s.connection, at)
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

// sight is what an attempt works on, as it was when it looked.
type sight struct {
	workspace  domain.WorkspaceID
	post       domain.PostID
	account    domain.AccountID
	loaded     eventstore.Loaded
	claimed    post.TargetClaimed
	connector  networks.Connector
	network    string
	remote     string
	content    networks.Content
	written    time.Time
	due        time.Time
	connection domain.ConnectionID
	author     domain.UserID // whose the target is; known ahead of its time alone
}

func (s sight) session(c networks.Credential) networks.Session {
	return networks.Session{Credential: c, Account: s.remote, Identity: s.claimed.Identity}
}

func (s sight) attempt(prepared networks.Prepared) networks.Attempt {
	return networks.Attempt{
		Key: s.claimed.Key, Content: s.content, Written: s.written, Due: s.due, Begun: s.claimed.Since(), Prepared: prepared,
	}
}

// subject is whom the network counts the call to.
func (s sight) subject(c networks.Credential, call pace.Call) pace.Subject {
	subject := pace.Subject{Network: s.network, Account: s.remote, Call: call}
	if o, is := c.OAuth2(); is {
		subject.Host = o.Host
	} else if pair, is := c.SessionPair(); is {
		subject.Host = pair.Host
	} else if app, is := c.AppPassword(); is {
		subject.Host = app.Site
	}
	return subject
}

// look reads the streams that the claim was decided on, and whether it stands.
func (p *Publisher) look(ctx context.Context, a attempt) (sight, error) {
	loaded, err := p.load(ctx, a.claim)
	if err != nil {
		return sight{}, networks.Unsent("look", err)
	}
	if !stands(loaded, a) {
		return sight{}, errMoved
	}
	return p.see(ctx, loaded, a.claim, a.claimed)
}

func (p *Publisher) load(ctx context.Context, claim jobs.Claim) (eventstore.Loaded, error) {
	return p.Store.Load(ctx, eventstore.Scope{Workspace: claim.Workspace},
		post.Stream(claim.Post), workspace.Stream(claim.Workspace), account.Stream(claim.Account))
}

func (p *Publisher) see(ctx context.Context, loaded eventstore.Loaded, claim jobs.Claim, claimed post.TargetClaimed) (sight, error) {
	content := domain.Fact[*post.Post](loaded.Facts, post.Stream(claim.Post))
	held := domain.Fact[*account.Account](loaded.Facts, account.Stream(claim.Account))
	connector, err := p.Networks.Connector(held.Network)
	if err != nil {
		return sight{}, &networks.Failure{Kind: networks.Misconfigured, Code: "no_connector", Cause: err,
			Detail: "This installation does not speak to that network."}
	}
	said, err := p.read(ctx, claim, content.Content)
	if err != nil {
		return sight{}, err
	}
	return sight{
		workspace: claim.Workspace, post: claim.Post, account: claim.Account,
		loaded: loaded, claimed: claimed, connector: connector, network: held.Network, remote: held.Remote,
		content: said, written: writtenAt(claim.Post),
		due: content.Targets[claim.Account].Due, connection: claimed.Connection,
	}, nil
}

// lastCheck comes right before the call that cannot be undone (R42, R64): if
// any of the streams has moved, everything is decided again as it is now. It
// answers the database's time, which says that the moment has come and that
// there is time left.
func (p *Publisher) lastCheck(ctx context.Context, a attempt, seen sight) (time.Time, error) {
	answer, err := p.checks.Ask(ctx, seen.loaded)
	at := answer.At
	if err != nil {
		return at, networks.Unsent("last_check", err)
	}
	if answer.Held {
		return at, errHeld
	}
	if answer.Moved {
		loaded, err := p.load(ctx, a.claim)
		if err != nil {
			return at, networks.Unsent("last_check", err)
		}
		if !stands(loaded, a) {
			return at, errMoved
		}
	}
	switch {
	case at.Before(a.claimed.Since()): // the clock was set back
		return at, networks.Unsent("too_early", errors.New("the database's clock was set back"))
	case !at.Before(p.sendBefore(a)):
		return at, errLate
	default:
		return at, nil
	}
}

// stands reports whether the attempt still holds its target and would be
// claimed in the same way now.
func stands(loaded eventstore.Loaded, a attempt) bool {
	content := domain.Fact[*post.Post](loaded.Facts, post.Stream(a.claim.Post))
	target := content.Targets[a.claim.Account]
	if target.State != post.Claimed || target.Attempt != a.claim.Attempt || content.Revision != a.claimed.Revision {
		return false
	}
	now, err := resolved(loaded, a.claim)
	return err == nil && now.Usable() &&
		now.Mode == a.claimed.Mode && now.Holder == a.claimed.Holder &&
		now.Connection == a.claimed.Connection && now.Identity == a.claimed.Identity
}

// resolved is whose connection a target would go out through now.
func resolved(loaded eventstore.Loaded, claim jobs.Claim) (credential.Resolution, error) {
	target := domain.Fact[*post.Post](loaded.Facts, post.Stream(claim.Post)).Targets[claim.Account]
	w := domain.Fact[*workspace.Workspace](loaded.Facts, workspace.Stream(claim.Workspace))
	held := domain.Fact[*account.Account](loaded.Facts, account.Stream(claim.Account))
	return credential.Resolve(*w, claim.Account, *held, target.Author, target.Identity)
}

// graceOf is how long after its time a target may still be sent (R56).
func graceOf(loaded eventstore.Loaded, claim jobs.Claim) time.Duration {
	return domain.Fact[*workspace.Workspace](loaded.Facts, workspace.Stream(claim.Workspace)).EffectiveGrace()
}
