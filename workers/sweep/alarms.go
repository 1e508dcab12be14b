package sweep

import (
	"context"

	"behalf/domain"
	"behalf/domain/post/sending"
	"behalf/workers/issue"
)

// mostMissing is how many targets are missed in the same moment at once.
const mostMissing = 16

// missable is a target that is missed at its time unless it is approved (R56).
type missable struct {
	workspace domain.WorkspaceID
	post      domain.PostID
	account   domain.AccountID
}

// foresee sets an alarm for what will be missed soon, so that its author does not
// wait for the next sweep to learn of it. Every process does; the first one that
// comes is right, and a sweep finds what all of them forgot.
func (s *Sweeper) foresee(ctx context.Context) error {
	now := s.Now()
	targets, err := s.Work.WaitingPast(ctx, now.Add(s.Every), most)
	for _, t := range targets {
		if t.Due.After(now) {
			s.alarms.Arm(missable{t.Workspace, t.Post, t.Account}, t.Due)
		}
	}
	return err
}

// miss ends a target whose time has come. One that was approved or moved meanwhile
// is left as it is by the decision.
func (s *Sweeper) miss(ctx context.Context, m missable) {
	if s.held() {
		return
	}
	_, err := s.desk.Issue(ctx, m.workspace, &sending.MissTarget{Post: m.post, Account: m.account})
	if err != nil && !issue.Refused(err) && ctx.Err() == nil {
		s.Logger.WarnContext(ctx, "what is missed is left to the next sweep", "post", m.post.String(), "error", err)
	}
}
