// Package letters writes the mails: one handler for all of them. What a mail
// says is read when it is sent, and never stands in a queue: who has accepted,
// connected or left meanwhile is not written to, and neither is who was erased.
package letters

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/hibiken/asynq"

	"behalf/domain/notice"
	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/internal/mail"
	"behalf/workers/jobs"
	"behalf/workers/outbox"
)

// Handler runs jobs.TypeMail.
type Handler struct {
	Store   *eventstore.Store
	Postman *outbox.Postman
	Persons personal.Opener
	Key     [32]byte // links that let in whoever has them are derived from it
	Public  *url.URL // where people reach Behalf
	Now     func() time.Time
}

// ProcessTask implements asynq.Handler.
func (h *Handler) ProcessTask(ctx context.Context, task *asynq.Task) error {
	m, err := jobs.Read[jobs.Mail](task)
	if err != nil {
		return err
	}
	return h.Postman.Deliver(ctx, m, func(ctx context.Context) (mail.Message, error) {
		message, err := h.compose(ctx, m)
		if err != nil && !errors.Is(err, outbox.ErrObsolete) && !errors.Is(err, outbox.ErrUnwanted) {
			err = fmt.Errorf("write a mail (%s): %w", m.Kind, err)
		}
		return message, err
	})
}

func (h *Handler) compose(ctx context.Context, m jobs.Mail) (mail.Message, error) {
	if unwanted, err := h.Postman.Box.Unwanted(ctx, m); err != nil || unwanted {
		return mail.Message{}, errors.Join(err, when(unwanted, outbox.ErrUnwanted))
	}
	switch m.Kind {
	case notice.Invitation, notice.Reminder:
		return h.invitation(ctx, m)
	case notice.Reauthentication, notice.StillDown:
		return h.reauthentication(ctx, m)
	case outbox.Digest:
		return h.digest(ctx, m)
	case notice.Verification, notice.AddressConfirmation, notice.PasswordReset, notice.AlreadyRegistered:
		return h.account(ctx, m)
	}
	return h.notice(ctx, m)
}

// address opens where a mail goes to. A person who cannot be read was erased
// (R66), and is written to no more.
func (h *Handler) address(ctx context.Context, email personal.Text, others ...*personal.Text) (string, error) {
	if err := h.Persons.Open(ctx, append(others, &email)...); err != nil {
		return "", err
	}
	address, readable := email.Plain()
	if !readable {
		return "", outbox.ErrObsolete
	}
	return address, nil
}

// link leads to a place of Behalf.
func (h *Handler) link(path ...string) (mail.Link, error) {
	return mail.NewLink(h.Public.JoinPath(path...).String())
}

// unsubscribe is the link that ends mails of a kind; none for what cannot be ended.
func (h *Handler) unsubscribe(m jobs.Mail, kind notice.Kind) (mail.Link, error) {
	if kind != outbox.Digest && !kind.Optional() {
		return mail.Link{}, nil
	}
	return h.link("v1", "unsubscribe", notice.NewUnsubscribeToken(h.Key, m.Person, kind).Reveal())
}

func when(happened bool, err error) error {
	if happened {
		return err
	}
	return nil
}
