package letters

import (
	"context"
	"fmt"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/notice"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/mail"
	"behalf/workers/jobs"
	"behalf/workers/outbox"
)

// ofAccount reads the notice that a connection runs out, as things are now: who
// has connected again or disconnected meanwhile is not told, nor who was removed
// (R64), or whose connection nothing goes out through any more.
func (h *Handler) ofAccount(ctx context.Context, m jobs.Mail) (told mail.Told, email personal.Text, err error) {
	about, err := h.event(ctx, m)
	if err != nil {
		return told, email, err
	}
	announced, is := about.Event.(account.ExpiryAnnounced)
	if !is {
		return told, email, fmt.Errorf("%s announces no expiry", about.ID)
	}
	ws, person := workspace.Stream(m.Workspace), user.Stream(m.Person)
	loaded, err := h.Store.Load(ctx, eventstore.Scope{Workspace: m.Workspace, User: m.Person}, m.Stream, ws, person)
	if err != nil {
		return told, email, err
	}
	w, id := domain.Fact[*workspace.Workspace](loaded.Facts, ws), domain.AccountID(m.Stream.ID)
	held := domain.Fact[*account.Account](loaded.Facts, m.Stream).ConnectionOf(m.Person)
	n, found := noticeTo(about, m, nil)
	if !found || held.ID != announced.Connection || held.State != account.Active || !account.Useful(*w, id, m.Person) {
		return told, email, outbox.ErrObsolete
	}
	on := w.Accounts[id]
	return mail.Told{
		Notice: n, At: about.RecordedAt, Workspace: m.Workspace,
		Names: notice.Names{Workspace: w.Name, Account: on.Name, Network: on.Network},
	}, domain.Fact[*user.User](loaded.Facts, person).Email, nil
}
