// Package invitemail sends the mail that offers membership (R20, R23). The
// link's token is derived when the mail is written and stored nowhere.
package invitemail

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/hibiken/asynq"

	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/mail"
	"behalf/workers/jobs"
	"behalf/workers/outbox"
)

// Handler runs jobs.TypeInviteMail.
type Handler struct {
	Store   *eventstore.Store
	Postman *outbox.Postman
	Persons personal.Opener
	Key     [32]byte // invitation links are derived from it
	Public  *url.URL // where people reach Behalf
	Now     func() time.Time
}

// ProcessTask implements asynq.Handler.
func (h *Handler) ProcessTask(ctx context.Context, task *asynq.Task) error {
	job, err := jobs.Read[jobs.Mail](task)
	if err != nil {
		return err
	}
	return h.Postman.Deliver(ctx, outbox.Invitation, job, func(ctx context.Context) (mail.Message, error) {
		return h.compose(ctx, job)
	})
}

// compose reads the workspace as it is now: an invitation that was accepted,
// replaced or has expired meanwhile needs no mail any more.
func (h *Handler) compose(ctx context.Context, job jobs.Mail) (mail.Message, error) {
	w, offered, err := h.offered(ctx, job)
	if err != nil {
		return mail.Message{}, err
	}
	offer, _ := offered.Event.(workspace.ClientInvited)
	invitation := w.Invitations[offer.Invitation]
	if invitation.Status != workspace.Pending || invitation.Generation != offer.Generation || !h.Now().Before(invitation.ExpiresAt) {
		return mail.Message{}, outbox.ErrObsolete
	}
	inviter, err := h.Store.Load(ctx, eventstore.Scope{}, user.Stream(offered.Metadata.Actor))
	if err != nil {
		return mail.Message{}, fmt.Errorf("write invitation: %w", err)
	}
	token := workspace.NewInvitationToken(h.Key, job.Workspace,
		workspace.InvitationLink{Invitation: offer.Invitation, Generation: offer.Generation})
	link, err := mail.NewLink(h.Public.JoinPath("v1", "invitations", token.Reveal()).String())
	if err != nil {
		return mail.Message{}, fmt.Errorf("write invitation: %w", err)
	}
	name := inviter.Facts[user.Stream(offered.Metadata.Actor)].(*user.User).Name
	if err := h.Persons.Open(ctx, &name, &offer.Email); err != nil {
		return mail.Message{}, fmt.Errorf("write invitation: %w", err)
	}
	address, readable := offer.Email.Plain()
	if !readable { // erased meanwhile (R66)
		return mail.Message{}, outbox.ErrObsolete
	}
	return mail.Invitation{
		Workspace: w.Name,
		Inviter:   name.Reveal(),
		Role:      string(invitation.Role),
		Link:      link,
		Expires:   invitation.ExpiresAt,
	}.Message(outbox.MessageID(job.Event, h.Public), address)
}

// offered folds the workspace and finds the event that the mail is about.
func (h *Handler) offered(ctx context.Context, job jobs.Mail) (w workspace.Workspace, offered eventstore.Recorded, err error) {
	for recorded, err := range h.Store.Read(ctx, eventstore.Scope{Workspace: job.Workspace}, job.Stream, eventstore.UpTo{}) {
		if err != nil {
			return w, offered, err
		}
		w.Evolve(recorded.Event)
		if recorded.ID == job.Event {
			offered = recorded
		}
	}
	if _, found := offered.Event.(workspace.ClientInvited); !found {
		return w, offered, fmt.Errorf("%s holds no invitation %s", job.Stream, job.Event)
	}
	return w, offered, nil
}
