package publish

import (
	"context"
	"errors"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/post"
	"behalf/domain/post/outcome"
	"behalf/domain/post/sending"
	"behalf/domain/workspace"
	"behalf/internal/networks"
	"behalf/workers/issue"
	"behalf/workers/jobs"
	"behalf/workers/publish/pace"
	"behalf/workers/quarantine"
)

// editsForgotten is how many revisions beyond the one that a restored log knows
// the network is asked for by their keys.
const editsForgotten = 3

// beforeSince is how much earlier than a log's last knowledge a post may have
// been sent that it does not know of: the attempt was under way.
const beforeSince = 2 * time.Minute

// Reconsider finds out what became of a target of which a restored log says that
// it is still to go out, or waits for a person to publish it again (R69). The log
// knows what happened until since; nothing was sent after until. Nothing is sent
// here either: where a network would have to be sent the same again to find out,
// it is not asked.
func (p *Publisher) Reconsider(ctx context.Context, t jobs.Target, since, until time.Time) (quarantine.Finding, error) {
	if err := p.Clock.Sync(ctx); err != nil {
		return quarantine.Finding{}, err
	}
	claim := jobs.Claim{Workspace: t.Workspace, Post: t.Post, Account: t.Account}
	loaded, err := p.load(ctx, claim)
	if err != nil {
		return quarantine.Finding{}, err
	}
	content := domain.Fact[*post.Post](loaded.Facts, post.Stream(t.Post))
	target := content.Targets[t.Account]
	w := domain.Fact[*workspace.Workspace](loaded.Facts, workspace.Stream(t.Workspace))
	held := domain.Fact[*account.Account](loaded.Facts, account.Stream(t.Account))
	now, err := credential.Whose(*w, t.Account, *held, target.Author, target.Identity)
	if target.State.Idle() && (err != nil || p.byHand(held.Network)) {
		return quarantine.Finding{Outcome: quarantine.Absent}, nil // nobody has it published again, or a person would see it there
	}
	if err != nil || !now.Usable() {
		return p.doubt(ctx, t, "There is no connection through which the network could be asked.")
	}
	begun := since.Add(-beforeSince)
	s, err := p.see(ctx, loaded, claim, post.TargetClaimed{
		Account: t.Account, Revision: content.Revision, Key: sending.Key(t.Post, t.Account, content.Revision),
		Mode: now.Mode, Holder: now.Holder, Connection: now.Connection, Identity: now.Identity, Begun: begun,
	})
	var verdict networks.Verdict
	if err == nil {
		verdict, err = p.lookFor(ctx, s)
	}
	if err != nil {
		return p.unheard(ctx, t, err)
	}
	switch verdict.State {
	case networks.Live:
		_, err := p.desk.Issue(ctx, t.Workspace, &outcome.RecordPublished{
			AttemptRef: outcome.AttemptRef{Post: t.Post, Account: t.Account}, Remote: verdict.Published.RemoteID, URL: verdict.Published.URL,
		})
		return quarantine.Finding{Outcome: quarantine.Published}, err
	case networks.Absent:
		proof := until.Add(s.connector.Capabilities().AbsentAfter)
		if wait := proof.Sub(p.Clock.Now()); wait > 0 { // what the network does not show yet may still come
			return quarantine.Finding{Code: "too_early", Again: wait}, nil
		}
		return quarantine.Finding{Outcome: quarantine.Absent}, nil
	default:
		return p.doubt(ctx, t, "A backup was restored, and the network cannot say whether it shows the post.")
	}
}

// lookFor asks the network. What this installation keeps itself, that something
// was about to be sent or which draft was made for it, is of before the restore,
// and proves no absence.
func (p *Publisher) lookFor(ctx context.Context, s sight) (networks.Verdict, error) {
	capabilities := s.connector.Capabilities()
	if capabilities.Reconciling == networks.NoReconciling {
		return networks.Verdict{State: networks.Unknown}, nil
	}
	made, err := p.made(ctx, s)
	if err != nil {
		return networks.Verdict{}, err
	}
	asked := 1
	if capabilities.Reconciling == networks.ByKey {
		asked += editsForgotten
	}
	var verdict networks.Verdict
	for edits := range asked {
		a := s.attempt(made)
		a.Key = sending.Key(s.post, s.account, s.claimed.Revision+edits)
		err := p.through(ctx, s, false, func(c networks.Credential) error {
			return p.paced(ctx, s.subject(c, pace.Read), nil, func() (err error) {
				verdict, err = s.connector.Reconcile(ctx, s.session(c), a)
				return err
			})
		})
		if err != nil || verdict.State != networks.Absent {
			return verdict, err
		}
	}
	return forgotten(capabilities, verdict), nil
}

// forgotten is what an absence means that the network tells of a draft: another
// one may have been made since, and published.
func forgotten(capabilities networks.Capabilities, verdict networks.Verdict) networks.Verdict {
	if verdict.State == networks.Absent && capabilities.Reconciling == networks.ByPrepared {
		return networks.Verdict{State: networks.Unknown}
	}
	return verdict
}

// unheard tells what passes from what does not.
func (p *Publisher) unheard(ctx context.Context, t jobs.Target, err error) (quarantine.Finding, error) {
	var failure *networks.Failure
	switch {
	case !errors.As(err, &failure):
		return quarantine.Finding{}, err
	case again(failure), failure.Kind == networks.Misconfigured: // by an operator, who can mend it
		return quarantine.Finding{Code: failure.Code, Again: failure.RetryAfter}, nil
	default:
		return p.doubt(ctx, t, "A backup was restored, and its connection can no longer ask the network.")
	}
}

func (p *Publisher) doubt(ctx context.Context, t jobs.Target, detail string) (quarantine.Finding, error) {
	_, err := p.desk.Issue(ctx, t.Workspace, &outcome.DoubtTarget{Post: t.Post, Account: t.Account, Detail: detail})
	if issue.Refused(err) { // the target is gone
		err = nil
	}
	return quarantine.Finding{Outcome: quarantine.Unknown}, err
}

// Forfeit leaves a target to a person: nobody is asked any more (R59, R69).
func (p *Publisher) Forfeit(ctx context.Context, t jobs.Target) error {
	const detail = "A backup was restored, and an operator gave up asking the network."
	loaded, err := p.load(ctx, jobs.Claim{Workspace: t.Workspace, Post: t.Post, Account: t.Account})
	if err != nil {
		return err
	}
	target := domain.Fact[*post.Post](loaded.Facts, post.Stream(t.Post)).Targets[t.Account]
	if target.State == post.Claimed {
		_, err := p.desk.Issue(ctx, t.Workspace, &outcome.RecordUnknown{
			AttemptRef: outcome.AttemptRef{Post: t.Post, Account: t.Account, Attempt: target.Attempt}, Detail: detail,
		})
		return err
	}
	_, err = p.doubt(ctx, t, detail)
	return err
}
