package letters

import (
	"context"
	"fmt"
	"time"

	"behalf/domain"
	"behalf/domain/notice"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
	"behalf/internal/mail"
	"behalf/workers/jobs"
	"behalf/workers/outbox"
)

// RemindBefore is how long before an invitation expires its person is reminded.
const RemindBefore = 48 * time.Hour

// offerOf reads an event that offers membership, or gives an offer a new link (R22).
func offerOf(event domain.Event) (invitation domain.InvitationID, generation int, is bool) {
	switch e := event.(type) {
	case workspace.Invited:
		return e.Offer().Invitation, e.Offer().Generation, true
	case workspace.InvitationResent:
		return e.Invitation, e.Generation, true
	}
	return invitation, 0, false
}

// invitation writes the mail that offers membership (R20, R23), or reminds of
// it. The link's token is derived here and stored nowhere. An invitation that
// was accepted, replaced or has expired meanwhile needs no mail any more, nor one
// into a workspace that was closed (R13).
func (h *Handler) invitation(ctx context.Context, m jobs.Mail) (mail.Message, error) {
	w, event, err := h.folded(ctx, m)
	if err != nil {
		return mail.Message{}, err
	}
	id, generation, is := offerOf(event.Event)
	if !is {
		return mail.Message{}, fmt.Errorf("%s offers no membership", event.ID)
	}
	offered := w.Invitations[id]
	if w.MustBeOpen() != nil || offered.Status != workspace.Pending || offered.Generation != generation || !h.Now().Before(offered.ExpiresAt) {
		return mail.Message{}, outbox.ErrObsolete
	}
	by := user.Stream(event.Metadata.Actor)
	inviter, err := h.Store.Load(ctx, eventstore.Scope{}, by)
	if err != nil {
		return mail.Message{}, err
	}
	token := invitation.NewToken(h.Key, m.Workspace,
		invitation.Link{Invitation: id, Generation: generation})
	link, err := h.link("v1", "invitations", token.Reveal())
	if err != nil {
		return mail.Message{}, err
	}
	name := domain.Fact[*user.User](inviter.Facts, by).Name
	address, err := h.address(ctx, offered.Offer.Email, &name)
	if err != nil {
		return mail.Message{}, err
	}
	letter := mail.Invitation{
		Workspace: w.Name, Inviter: name.Reveal(), Role: string(notice.RoleOf(offered.Role, offered.Offer.Auditor)), Link: link, Expires: offered.ExpiresAt,
		Reminder: m.Kind == notice.Reminder,
	}
	if letter.Unsubscribe, err = h.unsubscribe(m, m.Kind); err != nil {
		return mail.Message{}, err
	}
	return letter.Message(outbox.MessageID(m, h.Public), address)
}

// folded is the workspace as it is now, and the event of its stream that the
// mail is about.
func (h *Handler) folded(ctx context.Context, m jobs.Mail) (w workspace.Workspace, about eventstore.Recorded, err error) {
	for recorded, err := range h.Store.Read(ctx, eventstore.Scope{Workspace: m.Workspace}, m.Stream, eventstore.UpTo{}) {
		if err != nil {
			return w, about, err
		}
		w.Evolve(recorded.Event)
		if recorded.ID == m.Event {
			about = recorded
		}
	}
	if about.Event == nil {
		return w, about, fmt.Errorf("%s holds no event %s", m.Stream, m.Event)
	}
	return w, about, nil
}
