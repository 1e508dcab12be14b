package publish

import (
	"context"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/workers/issue"
	"behalf/workers/jobs"
)

// publish begins an attempt and takes it to its end. The error says that
// nothing could be begun.
func (p *Publisher) publish(ctx context.Context, target jobs.Target) error {
	events, err := p.desk.Issue(ctx, target.Workspace, &post.ClaimTarget{
		Post: target.Post, Account: target.Account, Life: p.Life,
	})
	switch {
	case issue.Refused(err): // not due, somebody else's, or done: the log says so
		p.Meter.Outcome("refused")
		return nil
	case err != nil:
		return err
	}
	for _, recorded := range events {
		switch e := recorded.Event.(type) {
		case post.TargetClaimed:
			p.attempt(ctx, attempt{
				claimed: e,
				claim: jobs.Claim{
					Workspace: target.Workspace, Post: target.Post, Account: target.Account,
					Attempt: e.Attempt, Deadline: e.Deadline.UTC(),
				},
			})
		case post.TargetNeedsReauthentication:
			p.Meter.Outcome("needs_reauthentication")
			return p.ask(ctx, target.Workspace, account.RecordReauthenticationNeeded{
				Account: e.Account, Holder: e.Holder, Connection: e.Connection, Code: e.Code, Detail: e.Detail,
			})
		case post.TargetMissed:
			p.Meter.Outcome("missed")
		case post.TargetFailed:
			p.Meter.Outcome("failed")
		}
	}
	return nil
}

// ask asks the one person to mend their connection, once per outage (R44). What
// fails here is found again by the sweeper: a held target without an outage.
func (p *Publisher) ask(ctx context.Context, ws domain.WorkspaceID, cmd account.RecordReauthenticationNeeded) error {
	_, err := p.desk.Issue(ctx, ws, &cmd)
	return err
}
