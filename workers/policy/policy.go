// Package policy turns events into jobs. It is a consumer group of the log
// that begins at its head and is never rebuilt: what has happened before it
// was there is not acted on again.
//
// What an event asks for stands in Postgres before the policy is past it: the
// log itself says what is to be published, and mails are noted in the
// transaction of the policy's checkpoint. A queue that is away therefore loses
// nothing and holds nothing up; the sweeper brings what is missing.
package policy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/notice"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/work"
	"behalf/workers/issue"
	"behalf/workers/jobs"
	"behalf/workers/outbox"

	"github.com/ThreeDotsLabs/watermill/message"
)

// Group is the policy's consumer group.
const Group = "policy:jobs:1"

// resubscribe is the pause before a lost subscription is taken up again.
const resubscribe = time.Second

// Held finds the targets that wait for a holder; *work.Reader does.
type Held interface {
	HeldFor(ctx context.Context, account domain.AccountID, holder domain.UserID, limit int) ([]work.Target, error)
}

// Queue takes jobs; it fails within a second when it cannot.
type Queue interface {
	Enqueue(ctx context.Context, job jobs.Job) error
}

// Policy follows the log.
type Policy struct {
	Store   *eventstore.Store // under the engine's role
	Held    Held
	Queue   Queue
	Gone    func(position int64) // told at once of what leaves something behind; the sweeper tells as well
	Resumed func(position int64) // told at once where publishing is not paused any more (R68); the sweeper finds it as well
	Logger  *slog.Logger
	Now     func() time.Time
}

// Run follows the log until ctx ends; then it returns nil. Of several processes
// one is at work, the others stand by.
func (p *Policy) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := p.follow(ctx)
		if ctx.Err() != nil {
			break
		}
		p.Logger.WarnContext(ctx, "the policy lost its subscription", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(resubscribe):
		}
	}
	return nil
}

func (p *Policy) follow(ctx context.Context) error {
	subscriber, err := p.Store.Subscriber(Group, eventstore.StartAtHead())
	if err != nil {
		return err
	}
	messages, err := subscriber.Subscribe(ctx, eventstore.Topic)
	if err != nil {
		return errors.Join(err, subscriber.Close())
	}
	for msg := range messages {
		if err := p.handle(msg); err != nil {
			p.Logger.WarnContext(ctx, "an event is handled again", "error", err)
			msg.Nack()
			continue
		}
		msg.Ack()
	}
	return subscriber.Close()
}

// handle fails only when what it has to note could not be.
func (p *Policy) handle(msg *message.Message) error {
	ctx := msg.Context()
	recorded, err := eventstore.EventOf(msg)
	if err != nil {
		// Written by a newer process, perhaps. What it asks for is found by the
		// sweeper, in views that know it.
		p.Logger.WarnContext(ctx, "the policy passes an event that it cannot read",
			"position", recorded.Position, "type", recorded.Type, "error", err)
		return nil
	}
	if err := p.tell(msg, recorded); err != nil {
		return err
	}
	switch e := recorded.Event.(type) {
	case workspace.Withdrawal, workspace.AccountAdded, workspace.AccountRemoved, workspace.OwnershipTransferred, workspace.Deleted,
		account.Disconnected, user.Erased:
		p.Gone(recorded.Position)
	case workspace.PublishingResumed:
		p.Resumed(recorded.Position)
	case post.Scheduled:
		p.scheduled(ctx, recorded, e)
	case post.Rescheduled:
		p.planned(ctx, recorded, e.Accounts)
	case post.Approved:
		p.planned(ctx, recorded, e.Passed)
	case post.Edited:
		p.planned(ctx, recorded, e.Planned)
	case post.TargetScheduled:
		p.publish(ctx, recorded, e.Account, e.At)
	case post.TargetReleased:
		p.publish(ctx, recorded, e.Account, e.NotBefore)
	case post.TargetDeletionRequested:
		p.enqueue(ctx, jobs.Delete(jobs.Target{
			Workspace: recorded.Workspace, Post: domain.PostID(recorded.Stream.ID), Account: e.Account, Due: e.Deadline.UTC(),
		}))
	case account.Connected:
		p.resume(ctx, recorded, e)
	}
	return nil
}

// tell notes the mails that the event asks for with the checkpoint, and then
// has those sent that wait for nothing.
func (p *Policy) tell(msg *message.Message, recorded eventstore.Recorded) error {
	told, err := p.told(msg.Context(), recorded)
	if err != nil || len(told) == 0 {
		return err
	}
	tx, ok := eventstore.TxOf(msg)
	if !ok {
		return errors.New("the event came without its transaction")
	}
	for _, n := range told {
		mail := jobs.MailOf(n.Kind, n.To, recorded.ID, recorded.Workspace, recorded.Stream)
		if n.Kind.Gathered() {
			if err := outbox.Gather(msg.Context(), tx, mail); err != nil {
				return err
			}
			continue
		}
		if err := outbox.Note(msg.Context(), tx, mail); err != nil {
			return err
		}
		p.enqueue(msg.Context(), jobs.SendMail(mail))
	}
	return nil
}

// told is who is told what. Whom the event alone does not name, the workspace
// as it is now does.
func (p *Policy) told(ctx context.Context, recorded eventstore.Recorded) ([]notice.Notice, error) {
	told := notice.Of(recorded.Event, recorded.Stream, recorded.Metadata.Actor)
	if !notice.NeedsState(recorded.Event) {
		return told, nil
	}
	loaded, err := p.Store.Load(ctx, eventstore.Scope{Workspace: recorded.Workspace}, recorded.Stream)
	if err != nil {
		return nil, fmt.Errorf("find out who is told: %w", err)
	}
	w := domain.Fact[*workspace.Workspace](loaded.Facts, recorded.Stream)
	return append(told, notice.OfState(recorded.Event, w, recorded.Metadata.Actor)...), nil
}

// scheduled enqueues the targets that no gate holds up.
func (p *Policy) scheduled(ctx context.Context, recorded eventstore.Recorded, e post.Scheduled) {
	if !p.soon(e.At) {
		return
	}
	loaded, err := p.Store.Load(ctx, eventstore.Scope{Workspace: recorded.Workspace}, recorded.Stream)
	if err != nil {
		p.Logger.WarnContext(ctx, "a scheduled post is left to the sweeper", "error", err)
		return
	}
	for id, target := range domain.Fact[*post.Post](loaded.Facts, recorded.Stream).Targets {
		if target.State == post.Due {
			p.publish(ctx, recorded, id, e.At)
		}
	}
}

// planned enqueues those of the targets that nothing holds up, for when they are
// due now.
func (p *Policy) planned(ctx context.Context, recorded eventstore.Recorded, accounts []domain.AccountID) {
	if len(accounts) == 0 {
		return
	}
	loaded, err := p.Store.Load(ctx, eventstore.Scope{Workspace: recorded.Workspace}, recorded.Stream)
	if err != nil {
		p.Logger.WarnContext(ctx, "a planned post is left to the sweeper", "error", err)
		return
	}
	for _, id := range accounts {
		if target := domain.Fact[*post.Post](loaded.Facts, recorded.Stream).Targets[id]; target.State == post.Due {
			p.publish(ctx, recorded, id, target.Due)
		}
	}
}

func (p *Policy) publish(ctx context.Context, recorded eventstore.Recorded, id domain.AccountID, due time.Time) {
	if !p.soon(due) {
		return
	}
	target := jobs.Target{Workspace: recorded.Workspace, Post: domain.PostID(recorded.Stream.ID), Account: id, Due: due.UTC()}
	p.enqueue(ctx, jobs.Publish(target))
	if due.Sub(p.Now()) >= jobs.Soonest {
		p.enqueue(ctx, jobs.Preflight(target))
	}
}

// soon reports whether something belongs into Redis already; the sweeper brings the rest.
func (p *Policy) soon(due time.Time) bool { return due.Before(p.Now().Add(jobs.Ahead)) }

// mostHeld bounds what one event makes the policy do; the sweeper does the rest.
const mostHeld = 200

// resume lets the targets go on that waited for this holder and are still due
// in the future (R47).
func (p *Policy) resume(ctx context.Context, recorded eventstore.Recorded, e account.Connected) {
	held, err := p.Held.HeldFor(ctx, domain.AccountID(recorded.Stream.ID), e.Holder, mostHeld)
	if err != nil {
		p.Logger.WarnContext(ctx, "held targets are left to the sweeper", "error", err)
		return
	}
	desk := issue.New(p.Store, "policy", p.Now)
	for _, target := range held {
		if !target.Due.After(p.Now()) {
			continue
		}
		if _, err := desk.Issue(ctx, target.Workspace, &sending.ResumeTarget{Post: target.Post, Account: target.Account}); err != nil {
			p.Logger.WarnContext(ctx, "a held target is left to the sweeper", "error", err)
		}
	}
}

func (p *Policy) enqueue(ctx context.Context, job jobs.Job) {
	if err := p.Queue.Enqueue(ctx, job); err != nil {
		p.Logger.WarnContext(ctx, "a job is left to the sweeper", "job", job.Type, "error", err)
	}
}
