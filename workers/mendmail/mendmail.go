// Package mendmail asks the one person who can mend a connection to do so,
// once per outage (R44): the Owner (R35), or the member themself (R38).
package mendmail

import (
	"context"
	"fmt"
	"net/url"

	"github.com/hibiken/asynq"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/mail"
	"behalf/workers/jobs"
	"behalf/workers/outbox"
)

// Handler runs jobs.TypeMendMail.
type Handler struct {
	Store   *eventstore.Store
	Postman *outbox.Postman
	Persons personal.Opener
	Public  *url.URL // where people reach Behalf
}

// ProcessTask implements asynq.Handler.
func (h *Handler) ProcessTask(ctx context.Context, task *asynq.Task) error {
	job, err := jobs.Read[jobs.Mail](task)
	if err != nil {
		return err
	}
	return h.Postman.Deliver(ctx, outbox.Reauthentication, job, func(ctx context.Context) (mail.Message, error) {
		return h.compose(ctx, job)
	})
}

// compose reads things as they are now: who has connected again meanwhile is
// not asked any more.
func (h *Handler) compose(ctx context.Context, job jobs.Mail) (mail.Message, error) {
	asked, open, err := h.outage(ctx, job)
	if err != nil {
		return mail.Message{}, err
	}
	if !open {
		return mail.Message{}, outbox.ErrObsolete
	}
	ws, holder := workspace.Stream(job.Workspace), user.Stream(asked.Holder)
	loaded, err := h.Store.Load(ctx, eventstore.Scope{Workspace: job.Workspace}, ws, holder)
	if err != nil {
		return mail.Message{}, fmt.Errorf("write request to reauthenticate: %w", err)
	}
	w := domain.Fact[*workspace.Workspace](loaded.Facts, ws)
	id := domain.AccountID(job.Stream.ID)
	held, holds := w.Accounts[id]
	if !holds {
		return mail.Message{}, outbox.ErrObsolete
	}
	link, err := mail.NewLink(h.Public.JoinPath("v1", "workspaces", job.Workspace.String(), "accounts", id.String()).String())
	if err != nil {
		return mail.Message{}, fmt.Errorf("write request to reauthenticate: %w", err)
	}
	email := domain.Fact[*user.User](loaded.Facts, holder).Email
	if err := h.Persons.Open(ctx, &email); err != nil {
		return mail.Message{}, fmt.Errorf("write request to reauthenticate: %w", err)
	}
	address, readable := email.Plain()
	if !readable { // erased (R66)
		return mail.Message{}, outbox.ErrObsolete
	}
	who := mail.AskedMember
	if asked.Holder == w.Owner {
		who = mail.AskedOwner
	}
	return mail.Reauthentication{
		Asked: who, Workspace: w.Name, Account: held.Name, Network: held.Network,
		First: asked.Connection.IsZero(), Link: link,
	}.Message(outbox.MessageID(job.Event, h.Public), address)
}

// outage finds the event, and whether it is still the holder's open outage.
func (h *Handler) outage(ctx context.Context, job jobs.Mail) (asked account.ReauthenticationNeeded, open bool, err error) {
	found := false
	for recorded, err := range h.Store.Read(ctx, eventstore.Scope{Workspace: job.Workspace}, job.Stream, eventstore.UpTo{}) {
		if err != nil {
			return asked, false, err
		}
		switch e := recorded.Event.(type) {
		case account.ReauthenticationNeeded:
			if recorded.ID == job.Event {
				asked, open, found = e, true, true
			}
		case account.Connected:
			if found && e.Holder == asked.Holder {
				open = false
			}
		}
	}
	if !found {
		return asked, false, fmt.Errorf("%s holds no outage %s", job.Stream, job.Event)
	}
	return asked, open, nil
}
