package publish

import (
	"context"
	"errors"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/workers/jobs"
)

// reconcile finds out how an attempt ended that nobody has recorded (R59). Two
// workers doing it at once do no harm: the first word counts. The error says
// that the network could not be asked now; the target stays claimed.
func (p *Publisher) reconcile(ctx context.Context, claim jobs.Claim) error {
	loaded, err := p.load(ctx, claim)
	if err != nil {
		return err
	}
	target := domain.Fact[*post.Post](loaded.Facts, post.Stream(claim.Post)).Targets[claim.Account]
	if target.State != post.Claimed || target.Attempt != claim.Attempt {
		return nil
	}
	if p.Now().Before(target.Claim.Deadline) {
		claim.Deadline = target.Claim.Deadline.UTC()
		p.ArmReconcile(claim)
		return nil
	}
	a := attempt{claim: claim, claimed: target.Claim}
	seen, err := p.see(loaded, claim, target.Claim)
	if err != nil {
		return p.unasked(ctx, a, err)
	}
	var verdict networks.Verdict
	err = p.through(ctx, seen, false, func(c networks.Credential) (err error) {
		verdict, err = seen.connector.Reconcile(ctx, seen.session(c), seen.attempt())
		return err
	})
	if err != nil {
		return p.unasked(ctx, a, err)
	}
	switch verdict.State {
	case networks.Live:
		return p.published(ctx, a, verdict.Published)
	case networks.Absent:
		return p.release(ctx, a, "absent", "The network does not show it.", p.Now())
	default:
		return p.unknown(ctx, a, "The network cannot say whether it shows the post.")
	}
}

// askFor is how long after an attempt's deadline the network is asked about it.
const askFor = 24 * time.Hour

// unasked decides what a failed question means. A network that can never be
// asked through this connection, or could not be asked for a day, leaves the
// outcome to a person. No other connection is tried, because it might see less
// and call a live post absent.
func (p *Publisher) unasked(ctx context.Context, a attempt, err error) error {
	if p.Now().After(a.claimed.Deadline.Add(askFor)) {
		return p.unknown(ctx, a, "The network could not be asked for a day.")
	}
	var failure *networks.Failure
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Kind {
	case networks.Reauth:
		if err := p.unknown(ctx, a, "The connection that it was sent through can no longer ask the network."); err != nil {
			return err
		}
		return p.ask(ctx, a.claim.Workspace, account.RecordReauthenticationNeeded{
			Account: a.claim.Account, Holder: a.claimed.Holder, Connection: a.claimed.Connection,
			Code: failure.Code, Detail: failure.Detail,
		})
	case networks.NoPermission, networks.Gone, networks.Rejected, networks.Denied:
		return p.unknown(ctx, a, "The connection that it was sent through may not ask the network.")
	default:
		return err
	}
}

func (p *Publisher) unknown(ctx context.Context, a attempt, detail string) error {
	p.Meter.Outcome("unknown")
	_, err := p.desk.Issue(ctx, a.claim.Workspace, &post.RecordUnknown{AttemptRef: ref(a.claim), Detail: detail})
	return err
}

func dueOf(loaded eventstore.Loaded, claim jobs.Claim) time.Time {
	return domain.Fact[*post.Post](loaded.Facts, post.Stream(claim.Post)).Targets[claim.Account].Due
}
