package publish

import (
	"context"

	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/workers/issue"
	"behalf/workers/jobs"
	"behalf/workers/publish/judge"
)

// publish begins an attempt and takes it to its end. The error says that
// nothing could be begun. Whoever brings the target before served is called
// brings nothing new.
func (p *Publisher) publish(ctx context.Context, target jobs.Target, served func()) error {
	if err := p.Clock.Sync(ctx); err != nil { // what is due is for the database's clock to say
		return err
	}
	if p.Watch.Holds() { // the sweeper brings it once the quarantine has ended (R69)
		p.judge.Count(ctx, target.Account, "held", "")
		return nil
	}
	found, err := p.reader.Place(ctx, target.Workspace, target.Account)
	if err != nil {
		return err
	}
	served() // before the moment is awaited: who is moved meanwhile comes with another one
	if p.reader.ByHand(found.Network) {
		return p.handOver(ctx, target)
	}
	events, err := p.desk.Issue(ctx, target.Workspace, &sending.ClaimTarget{
		Post: target.Post, Account: target.Account, Life: p.Life,
	})
	switch {
	case issue.Refused(err): // not due, somebody else's, or done: the log says so
		p.judge.Count(ctx, target.Account, "refused", "")
		return nil
	case err != nil:
		return err
	}
	for _, recorded := range events {
		switch e := recorded.Event.(type) {
		case post.TargetClaimed:
			p.attempt(ctx, judge.Attempt{
				Claimed: e,
				Claim: jobs.Claim{
					Workspace: target.Workspace, Post: target.Post, Account: target.Account,
					Attempt: e.Attempt, Deadline: e.Deadline.UTC(),
				},
			})
		case post.TargetNeedsReauthentication:
			p.judge.Count(ctx, target.Account, "needs_reauthentication", "")
			_, err := p.desk.Issue(ctx, target.Workspace, &account.RecordReauthenticationNeeded{
				Account: e.Account, Holder: e.Holder, Connection: e.Connection, Code: e.Code, Detail: e.Detail,
			})
			return err
		case post.TargetMissed:
			p.judge.Count(ctx, target.Account, "missed", "")
		case post.TargetFailed:
			p.judge.Count(ctx, target.Account, "failed", "")
		}
	}
	return nil
}
