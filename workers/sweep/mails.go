package sweep

import (
	"context"
	"errors"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/projections"
	"behalf/workers/jobs"
	"behalf/workers/outbox"
)

// mails enqueues those that should have been sent by now.
func (s *Sweeper) mails(ctx context.Context) error {
	open, err := s.Box.Open(ctx, most)
	now := s.Now()
	for _, job := range open {
		err = errors.Join(err, s.Queue.Enqueue(ctx, job.Again(now)))
		if errors.Is(err, jobs.ErrUnavailable) {
			break
		}
	}
	s.Meter.Swept("mails", len(open))
	return err
}

// unnoted enqueues the mails of pending invitations and open outages that the
// policy never noted: they are older than it, or it could not read their events.
func (s *Sweeper) unnoted(ctx context.Context) error {
	found, events, err := s.wanted(ctx)
	if len(events) == 0 {
		return err
	}
	missing, failed := s.Box.Missing(ctx, events)
	err = errors.Join(err, failed)
	now := s.Now()
	for event := range missing {
		err = errors.Join(err, s.Queue.Enqueue(ctx, found[event].Again(now)))
		if errors.Is(err, jobs.ErrUnavailable) {
			break
		}
	}
	s.Meter.Swept("unnoted", len(missing))
	return err
}

// wanted lists the mails that the views ask for.
func (s *Sweeper) wanted(ctx context.Context) (found map[domain.EventID]jobs.Job, events []domain.EventID, err error) {
	since := s.Now().Add(-outbox.KeepAt)
	found = map[domain.EventID]jobs.Job{}
	invitations, err := all(ctx, since, s.Work.InvitationsSince, func(i projections.OpenInvitation) time.Time { return i.InvitedAt })
	for _, i := range invitations {
		events = append(events, i.Event)
		found[i.Event] = jobs.InviteMail(jobs.Mail{
			Event: i.Event, Workspace: i.Workspace, Stream: workspace.Stream(i.Workspace),
		})
	}
	outages, failed := all(ctx, since, s.Work.OutagesSince, func(o projections.Outage) time.Time { return o.Since })
	for _, o := range outages {
		events = append(events, o.Event)
		found[o.Event] = jobs.MendMail(jobs.Mail{
			Event: o.Event, Workspace: o.Workspace, Stream: account.Stream(o.Account),
		})
	}
	return found, events, errors.Join(err, failed)
}

// all follows a list that names what began after a moment, page by page: the
// oldest, whose mails went out long ago, must not hide the rest.
func all[T any](
	ctx context.Context, since time.Time, list func(context.Context, time.Time, int) ([]T, error), begun func(T) time.Time,
) (found []T, err error) {
	for {
		page, err := list(ctx, since, most)
		found = append(found, page...)
		if err != nil || len(page) < most {
			return found, err
		}
		// what began in the same microsecond may stand on the next page
		next := begun(page[len(page)-1]).Add(-time.Microsecond)
		if !next.After(since) {
			next = next.Add(time.Microsecond)
		}
		since = next
	}
}
