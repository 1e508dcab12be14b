package letters

import (
	"context"
	"fmt"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/notice"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/mail"
	"behalf/workers/jobs"
	"behalf/workers/outbox"
)

// reauthentication asks the one person who can mend a connection to do so, once
// per outage (R44): the Owner (R35), or the member themself (R38). Who has
// connected again meanwhile is not asked any more, nor reminded; nor is who was
// removed (R64), or whose connection is of no use by now.
func (h *Handler) reauthentication(ctx context.Context, m jobs.Mail) (mail.Message, error) {
	asked, open, err := h.outage(ctx, m)
	if err != nil {
		return mail.Message{}, err
	}
	if !open {
		return mail.Message{}, outbox.ErrObsolete
	}
	ws, holder := workspace.Stream(m.Workspace), user.Stream(asked.Holder)
	loaded, err := h.Store.Load(ctx, eventstore.Scope{Workspace: m.Workspace}, ws, holder)
	if err != nil {
		return mail.Message{}, err
	}
	w := domain.Fact[*workspace.Workspace](loaded.Facts, ws)
	id := domain.AccountID(m.Stream.ID)
	if !account.Useful(*w, id, asked.Holder) {
		return mail.Message{}, outbox.ErrObsolete
	}
	held := w.Accounts[id]
	link, err := h.link("v1", "workspaces", m.Workspace.String(), "accounts", id.String())
	if err != nil {
		return mail.Message{}, err
	}
	address, err := h.address(ctx, domain.Fact[*user.User](loaded.Facts, holder).Email)
	if err != nil {
		return mail.Message{}, err
	}
	who := mail.AskedMember
	if asked.Holder == w.Owner {
		who = mail.AskedOwner
	}
	return mail.Reauthentication{
		Asked: who, Workspace: w.Name, Account: held.Name, Network: held.Network,
		First: asked.Connection.IsZero(), Again: m.Kind == notice.StillDown, Link: link,
	}.Message(outbox.MessageID(m, h.Public), address)
}

// outage finds the event, and whether it is still the holder's open outage.
func (h *Handler) outage(ctx context.Context, m jobs.Mail) (asked account.ReauthenticationNeeded, open bool, err error) {
	found := false
	for recorded, err := range h.Store.Read(ctx, eventstore.Scope{Workspace: m.Workspace}, m.Stream, eventstore.UpTo{}) {
		if err != nil {
			return asked, false, err
		}
		switch e := recorded.Event.(type) {
		case account.ReauthenticationNeeded:
			if recorded.ID == m.Event {
				asked, open, found = e, true, true
			}
		case account.HolderReminded:
			if recorded.ID == m.Event {
				asked, open, found = account.ReauthenticationNeeded{Holder: e.Holder, Connection: e.Connection}, true, true
			}
		case account.Connected:
			open = open && e.Holder != asked.Holder
		case account.Disconnected:
			open = open && e.Holder != asked.Holder
		}
	}
	if !found {
		return asked, false, fmt.Errorf("%s holds no outage %s", m.Stream, m.Event)
	}
	return asked, open, nil
}
