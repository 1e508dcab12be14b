package publish

import (
	"context"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/eventstore"
	"behalf/workers/issue"
	"behalf/workers/jobs"
)

// handOver has a person post by hand, at the target's moment: nothing is claimed,
// and no connection is needed. The last check comes before that, too: a person who
// was asked to post does. Who dies before the command has done nothing; one
// that is issued again finds it done.
func (p *Publisher) handOver(ctx context.Context, target jobs.Target) error {
	if err := p.await(ctx, target.Due); err != nil {
		return err
	}
	stops := p.Watch.Look()
	seen, err := p.Store.See(ctx, eventstore.Scope{Workspace: target.Workspace}, []domain.Stream{post.Stream(target.Post)})
	if err != nil {
		return err
	}
	if stops(seen) { // it may have been posted before the restore (R69)
		p.judge.Count(ctx, target.Account, "held", "")
		return nil
	}
	events, err := p.desk.Issue(ctx, target.Workspace, &sending.HandOver{Post: target.Post, Account: target.Account})
	switch {
	case issue.Refused(err): // not due, or done: the log says so
		p.judge.Count(ctx, target.Account, "refused", "")
		return nil
	case err != nil:
		return err
	}
	for _, recorded := range events {
		switch recorded.Event.(type) {
		case post.TargetHandedOver:
			p.judge.Count(ctx, target.Account, "handed_over", "")
		case post.TargetMissed:
			p.judge.Count(ctx, target.Account, "missed", "")
		case post.TargetFailed:
			p.judge.Count(ctx, target.Account, "failed", "")
		}
	}
	return nil
}
