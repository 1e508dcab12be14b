package letters

import (
	"context"
	"fmt"
	"slices"

	"behalf/domain"
	"behalf/domain/notice"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/mail"
	"behalf/workers/jobs"
	"behalf/workers/outbox"
)

// ofPost reads a notice about a post as things are now: who may not see the post
// any more is not told (R64), an approval that was given is not asked for.
func (h *Handler) ofPost(ctx context.Context, m jobs.Mail) (told mail.Told, email personal.Text, err error) {
	about, err := h.event(ctx, m)
	if err != nil {
		return told, email, err
	}
	ws, person := workspace.Stream(m.Workspace), user.Stream(m.Person)
	loaded, err := h.Store.Load(ctx, eventstore.Scope{Workspace: m.Workspace, User: m.Person}, m.Stream, ws, person)
	if err != nil {
		return told, email, err
	}
	w, p := domain.Fact[*workspace.Workspace](loaded.Facts, ws), domain.Fact[*post.Post](loaded.Facts, m.Stream)
	n, found := noticeTo(about, m, nil)
	if !found || !stillAbout(n, about.Event, w, p) {
		return told, email, outbox.ErrObsolete
	}
	held := w.Accounts[n.Account]
	told = mail.Told{
		Notice: n, At: about.RecordedAt, Workspace: m.Workspace,
		Names: notice.Names{Workspace: w.Name, Account: held.Name, Network: held.Network},
	}
	if err := h.quote(ctx, &told, about.Event, p, held); err != nil {
		return told, email, err
	}
	return told, domain.Fact[*user.User](loaded.Facts, person).Email, nil
}

// event finds what the mail is about.
func (h *Handler) event(ctx context.Context, m jobs.Mail) (eventstore.Recorded, error) {
	for recorded, err := range h.Store.Read(ctx, eventstore.Scope{Workspace: m.Workspace}, m.Stream, eventstore.UpTo{}) {
		if err != nil || recorded.ID == m.Event {
			return recorded, err
		}
	}
	return eventstore.Recorded{}, fmt.Errorf("%s holds no event %s", m.Stream, m.Event)
}

// stillAbout reports whether there is a point in telling it now.
func stillAbout(n notice.Notice, event domain.Event, w *workspace.Workspace, p *post.Post) bool {
	member, is := w.Members[n.To]
	if !is || w.Deleted || !p.SeenBy(member) || !n.Account.IsZero() && !member.Holds(n.Account) {
		return false
	}
	target := p.Targets[n.Account]
	switch n.Kind {
	case notice.PostWaiting, notice.PostReminder:
		return w.MustBeOpen() == nil && p.Awaits(*w, n.To)
	case notice.PostApproved:
		approved, is := event.(post.Approved)
		return is && approved.Revision == p.Revision
	case notice.PostDeclined:
		declined, is := event.(post.Declinement)
		return is && slices.ContainsFunc(declined.Accounts, func(id domain.AccountID) bool { return p.Targets[id].State == post.Declined })
	case notice.PostTrouble:
		found, is := event.(post.TargetTroubled)
		return is && found.Revision == p.Revision && target.State == post.Due
	case notice.PostHandedOver:
		return target.State == post.HandedOver && target.Holder == n.To
	case notice.PostFailed:
		return target.State == post.Failed
	case notice.PostMissed:
		return target.State == post.Missed
	case notice.PostUnknown:
		return target.State == post.Unknown
	case notice.PostKept:
		return target.State == post.Published
	}
	return true
}

// quote adds which post it is, and what the person needs of what was written:
// the note that says what to change (R55), or all that is to be published by hand.
func (h *Handler) quote(ctx context.Context, told *mail.Told, event domain.Event, p *post.Post, on workspace.Account) error {
	sealed := p.Content
	opened := []*personal.Text{&sealed}
	declined, isNote := event.(post.Declinement)
	if isNote {
		opened = append(opened, &declined.Note)
	}
	if err := h.Persons.Open(ctx, opened...); err != nil {
		return err
	}
	if isNote {
		told.Quoted = declined.Note.Reveal()
	}
	content, err := post.ReadContent(sealed)
	if err != nil { // the workspace's key is gone, and with it what there was to say
		return outbox.ErrObsolete
	}
	if told.Notice.Kind != notice.PostHandedOver {
		told.Listed = []string{title(content.Text)}
		return nil
	}
	said := content.On(told.Notice.Account)
	told.Quoted = said.Text
	if said.Link != "" {
		told.Quoted += "\n\n" + said.Link
	}
	switch files := len(said.Media); {
	case files == 1:
		told.Listed = []string{"A picture or film belongs to it: you find it with the post."}
	case files > 1:
		told.Listed = []string{fmt.Sprintf("%d pictures or films belong to it: you find them with the post.", files)}
	}
	told.Place = on.URL
	return nil
}

// longestTitle is how much of a post a list shows.
const longestTitle = 80

// title is how a post begins.
func title(text string) string {
	runes := []rune(text)
	if len(runes) > longestTitle {
		runes = append(runes[:longestTitle-1], '…')
	}
	return string(runes)
}
