package letters

import (
	"context"
	"fmt"
	"time"

	"behalf/domain/notice"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/eventstore"
	"behalf/internal/mail"
	"behalf/workers/jobs"
	"behalf/workers/outbox"
)

// linked is what mails with a link are about, and what the link is for.
var linked = map[notice.Kind]struct {
	about   mail.About
	purpose user.Purpose
}{
	notice.Verification:        {mail.AboutVerifying, user.ToVerify},
	notice.AddressConfirmation: {mail.AboutChanging, user.ToChangeAddress},
	notice.PasswordReset:       {mail.AboutResetting, user.ToResetPassword},
}

// account writes a mail about a person's own account. A link that was replaced,
// used or has expired meanwhile is not mailed any more; its token is derived
// here and stored nowhere.
func (h *Handler) account(ctx context.Context, m jobs.Mail) (mail.Message, error) {
	var then, now user.User
	var to personal.Text
	var asked time.Time
	for recorded, err := range h.Store.Read(ctx, eventstore.Scope{User: m.Person}, m.Stream, eventstore.UpTo{}) {
		if err != nil {
			return mail.Message{}, err
		}
		now.Evolve(recorded.Event)
		if recorded.ID != m.Event {
			continue
		}
		then, to, asked = *now.Clone().(*user.User), now.Email, recorded.RecordedAt
		if e, is := recorded.Event.(user.AddressChangeRequested); is {
			to = e.Email
		}
	}
	if asked.IsZero() {
		return mail.Message{}, fmt.Errorf("%s holds no event %s", m.Stream, m.Event)
	}
	letter, err := h.accountLetter(m, then, now, asked)
	if err != nil {
		return mail.Message{}, err
	}
	address, err := h.address(ctx, to)
	if err != nil {
		return mail.Message{}, err
	}
	return letter.Message(outbox.MessageID(m, h.Public), address)
}

func (h *Handler) accountLetter(m jobs.Mail, then, now user.User, asked time.Time) (letter mail.Account, err error) {
	kind, is := linked[m.Kind]
	if !is {
		letter.About = mail.AboutRepeating
		letter.Link, err = h.link()
		return letter, err
	}
	link := then.LinkFor(m.Person, kind.purpose, asked)
	if now.Opens(link, kind.purpose, h.Now()) != nil {
		return letter, outbox.ErrObsolete
	}
	letter.About, letter.Expires = kind.about, link.Expires
	letter.Link, err = h.link("v1", "links", user.NewLinkToken(h.Key, link).Reveal())
	return letter, err
}
