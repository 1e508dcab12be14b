package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/workers/jobs"
)

// Why an attempt ends before anything is sent, apart from a network's failure.
var (
	errMoved = errors.New("the claim does not stand any more")
	errLate  = errors.New("the time to send has passed")
)

// attempt is a claim at work.
type attempt struct {
	claim   jobs.Claim
	claimed post.TargetClaimed
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

// send makes the irreversible call, after the last check. Errors other than
// errMoved and errLate are *networks.Failure; all but Ambiguous mean that
// nothing was published.
func (p *Publisher) send(ctx context.Context, a attempt) (published networks.Published, err error) {
	ctx, cancel := context.WithDeadline(ctx, p.answerBefore(a))
	defer cancel()
	seen, err := p.look(ctx, a)
	if err != nil {
		return networks.Published{}, err
	}
	err = p.through(ctx, seen, true, func(c networks.Credential) error {
		if err := p.lastCheck(ctx, a, seen); err != nil {
			return err
		}
		published, err = seen.connector.Publish(networks.SendBefore(ctx, p.sendBefore(a)), seen.session(c), seen.attempt())
		return err
	})
	if err == nil {
		p.Meter.Late(p.Now().Sub(seen.due))
	}
	return published, err
}

// sight is what an attempt works on, as it was when it looked.
type sight struct {
	loaded     eventstore.Loaded
	claimed    post.TargetClaimed
	connector  networks.Connector
	remote     string
	text       string
	due        time.Time
	connection domain.ConnectionID
}

func (s sight) session(c networks.Credential) networks.Session {
	return networks.Session{Credential: c, Account: s.remote, Identity: s.claimed.Identity}
}

func (s sight) attempt() networks.Attempt { return networks.Attempt{Key: s.claimed.Key, Text: s.text} }

// look reads the streams that the claim was decided on, and whether it stands.
func (p *Publisher) look(ctx context.Context, a attempt) (sight, error) {
	loaded, err := p.load(ctx, a.claim)
	if err != nil {
		return sight{}, notSent("look", err)
	}
	if !stands(loaded, a) {
		return sight{}, errMoved
	}
	return p.see(loaded, a.claim, a.claimed)
}

func (p *Publisher) load(ctx context.Context, claim jobs.Claim) (eventstore.Loaded, error) {
	return p.Store.Load(ctx, eventstore.Scope{Workspace: claim.Workspace},
		post.Stream(claim.Post), workspace.Stream(claim.Workspace), account.Stream(claim.Account))
}

func (p *Publisher) see(loaded eventstore.Loaded, claim jobs.Claim, claimed post.TargetClaimed) (sight, error) {
	content := domain.Fact[*post.Post](loaded.Facts, post.Stream(claim.Post))
	held := domain.Fact[*account.Account](loaded.Facts, account.Stream(claim.Account))
	connector, err := p.Networks.Connector(held.Network)
	if err != nil {
		return sight{}, &networks.Failure{Kind: networks.Misconfigured, Code: "no_connector", Cause: err,
			Detail: "This installation does not speak to that network."}
	}
	return sight{
		loaded: loaded, claimed: claimed, connector: connector, remote: held.Remote, text: content.Text,
		due: content.Targets[claim.Account].Due, connection: claimed.Connection,
	}, nil
}

// lastCheck comes right before the call that cannot be undone (R42, R64): if
// any of the streams has moved, everything is decided again as it is now.
func (p *Publisher) lastCheck(ctx context.Context, a attempt, seen sight) error {
	moved, err := p.Store.Moved(ctx, eventstore.Scope{Workspace: a.claim.Workspace}, seen.loaded)
	if err != nil {
		return notSent("last_check", err)
	}
	if moved {
		loaded, err := p.load(ctx, a.claim)
		if err != nil {
			return notSent("last_check", err)
		}
		if !stands(loaded, a) {
			return errMoved
		}
	}
	if !p.Now().Before(p.sendBefore(a)) {
		return errLate
	}
	return nil
}

// stands reports whether the attempt still holds its target and would be
// claimed in the same way now.
func stands(loaded eventstore.Loaded, a attempt) bool {
	content := domain.Fact[*post.Post](loaded.Facts, post.Stream(a.claim.Post))
	target := content.Targets[a.claim.Account]
	if target.State != post.Claimed || target.Attempt != a.claim.Attempt || content.Revision != a.claimed.Revision {
		return false
	}
	w := domain.Fact[*workspace.Workspace](loaded.Facts, workspace.Stream(a.claim.Workspace))
	held := domain.Fact[*account.Account](loaded.Facts, account.Stream(a.claim.Account))
	now, err := credential.Resolve(*w, a.claim.Account, *held, target.Author, target.Identity)
	return err == nil && now.Usable() &&
		now.Mode == a.claimed.Mode && now.Holder == a.claimed.Holder &&
		now.Connection == a.claimed.Connection && now.Identity == a.claimed.Identity
}

// notSent is a failure on our side of the network: it is certain that nothing left.
func notSent(code string, cause error) *networks.Failure {
	return &networks.Failure{
		Kind: networks.NotSent, Code: code, Cause: cause,
		Detail: fmt.Sprintf("Nothing was sent: %s failed on our side.", code),
	}
}
