package sweep

import (
	"context"
	"errors"

	"behalf/domain/post/ending"
	"behalf/domain/post/review"
	"behalf/domain/post/sending"
	"behalf/workers/jobs"
)

// unreminded has those reminded who have still to approve a post whose time
// comes soon (R56). Whoever issues it second finds it done.
func (s *Sweeper) unreminded(ctx context.Context) error {
	targets, err := s.Work.Unreminded(ctx, s.Now(), review.RemindAhead, most)
	for _, t := range targets {
		err = errors.Join(err, s.issue(ctx, t, &review.RemindApproval{Post: t.Post}))
	}
	s.Meter.Swept("unreminded", len(targets))
	return err
}

// unconfirmed ends targets that nobody has posted by hand, or confirmed, in the
// time there was for it (R56), as far as the log can be believed in that (R69).
func (s *Sweeper) unconfirmed(ctx context.Context) error {
	if s.held() {
		return nil
	}
	targets, err := s.Work.HandedOverPast(ctx, s.Now(), most)
	for _, t := range targets {
		err = errors.Join(err, s.issue(ctx, t, &sending.MissTarget{Post: t.Post, Account: t.Account}))
	}
	s.Meter.Swept("unconfirmed", len(targets))
	return err
}

// deleting has posts removed from their networks. One that was asked for some
// seconds ago already gets a task of its own, like one that is late.
func (s *Sweeper) deleting(ctx context.Context) error {
	now := s.Now()
	targets, err := s.Work.Deleting(ctx, mostDue)
	late := 0
	for _, t := range targets {
		job := jobs.Delete(jobs.Target{Workspace: t.Workspace, Post: t.Post, Account: t.Account, Due: t.Deadline.UTC()})
		if now.Sub(t.Deadline.Add(-ending.DeleteWithin)) > overdue {
			job = job.Again(now)
			late++
		}
		err = errors.Join(err, s.Queue.Enqueue(ctx, job))
	}
	s.Meter.Swept("deleting", late)
	return err
}

// unresolved has those told once more who can say what became of a post of which
// that is unknown (R59).
func (s *Sweeper) unresolved(ctx context.Context) error {
	targets, err := s.Work.UnknownPast(ctx, s.Now(), most)
	for _, t := range targets {
		err = errors.Join(err, s.issue(ctx, t, &ending.ReportUnresolved{Post: t.Post, Account: t.Account}))
	}
	s.Meter.Swept("unresolved", len(targets))
	return err
}
