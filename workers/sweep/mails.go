package sweep

import (
	"context"
	"errors"
	"time"

	"behalf/domain/account"
	"behalf/domain/notice"
	"behalf/domain/workspace"
	"behalf/projections/work"
	"behalf/workers/jobs"
	"behalf/workers/letters"
	"behalf/workers/outbox"
)

// mails enqueues those that should have been sent by now.
func (s *Sweeper) mails(ctx context.Context) error {
	open, err := s.Box.Open(ctx, most)
	s.Meter.Swept("mails", len(open))
	return errors.Join(err, s.send(ctx, open))
}

// digests makes those for which it is time. They may have waited for each other
// long enough already, so they are sent at once.
func (s *Sweeper) digests(ctx context.Context) error {
	made, err := s.Box.MakeDigests(ctx, s.Apart, most)
	s.Meter.Swept("digests", len(made))
	return errors.Join(err, s.send(ctx, made))
}

// unnoted enqueues the mails of pending invitations and open outages that the
// policy never noted, because they are older than it, or it could not read
// their events; and the reminders of invitations that are about to expire,
// which nothing but the clock asks for.
func (s *Sweeper) unnoted(ctx context.Context) error {
	wanted, err := s.wanted(ctx)
	if len(wanted) == 0 {
		return err
	}
	missing, failed := s.Box.Missing(ctx, wanted)
	s.Meter.Swept("unnoted", len(missing))
	return errors.Join(err, failed, s.send(ctx, missing))
}

// send enqueues mails under ids of their own, until the queue is away.
func (s *Sweeper) send(ctx context.Context, mails []jobs.Mail) (err error) {
	now := s.Now()
	for _, mail := range mails {
		err = errors.Join(err, s.Queue.Enqueue(ctx, jobs.SendMail(mail).Again(now)))
		if errors.Is(err, jobs.ErrUnavailable) {
			break
		}
	}
	return err
}

// wanted lists the mails that the views ask for.
func (s *Sweeper) wanted(ctx context.Context) (mails []jobs.Mail, err error) {
	now := s.Now()
	since := now.Add(-outbox.KeepAt)
	invitations, err := all(ctx, since, s.Work.InvitationsSince, func(i work.OpenInvitation) time.Time { return i.InvitedAt })
	for _, i := range invitations {
		stream := workspace.Stream(i.Workspace)
		mails = append(mails, jobs.MailOf(notice.Invitation, i.Person, i.Event, i.Workspace, stream))
		if left := i.ExpiresAt.Sub(now); left > 0 && left <= letters.RemindBefore {
			mails = append(mails, jobs.MailOf(notice.Reminder, i.Person, i.Event, i.Workspace, stream))
		}
	}
	outages, failed := all(ctx, since, s.Work.OutagesSince, func(o work.Outage) time.Time { return o.Since })
	for _, o := range outages {
		mails = append(mails, jobs.MailOf(notice.Reauthentication, o.Holder, o.Event, o.Workspace, account.Stream(o.Account)))
	}
	return mails, errors.Join(err, failed)
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
