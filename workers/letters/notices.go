package letters

import (
	"context"
	"errors"
	"fmt"

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

// notice writes the mail that tells one thing at once.
func (h *Handler) notice(ctx context.Context, m jobs.Mail) (mail.Message, error) {
	told, email, err := h.told(ctx, m)
	if err != nil {
		return mail.Message{}, err
	}
	return h.tell(ctx, m, email, told)
}

// digest writes the mail that tells what was gathered. What is not true any
// more, or was switched off meanwhile, is left out.
func (h *Handler) digest(ctx context.Context, m jobs.Mail) (mail.Message, error) {
	gathered, err := h.Postman.Box.Gathered(ctx, m.ID)
	if err != nil {
		return mail.Message{}, err
	}
	var all []mail.Told
	var email personal.Text
	unwanted := false
	for _, one := range gathered {
		off, err := h.Postman.Box.Unwanted(ctx, one)
		if err != nil {
			return mail.Message{}, err
		}
		if unwanted = unwanted || off; off {
			continue
		}
		told, to, err := h.told(ctx, one)
		if errors.Is(err, outbox.ErrObsolete) {
			continue
		}
		if err != nil {
			return mail.Message{}, err
		}
		all, email = append(all, told), to
	}
	switch {
	case len(all) > 0:
		return h.tell(ctx, m, email, all...)
	case unwanted:
		return mail.Message{}, outbox.ErrUnwanted
	}
	return mail.Message{}, outbox.ErrObsolete
}

func (h *Handler) tell(ctx context.Context, m jobs.Mail, email personal.Text, told ...mail.Told) (mail.Message, error) {
	address, err := h.address(ctx, email)
	if err != nil {
		return mail.Message{}, err
	}
	letter := mail.Notices{Told: told}
	about := m.Kind
	if len(told) == 1 {
		about = told[0].Notice.Kind
	}
	if letter.Unsubscribe, err = h.unsubscribe(m, about); err != nil {
		return mail.Message{}, err
	}
	if letter.Link, err = h.link(place(m, told)...); err != nil {
		return mail.Message{}, err
	}
	return letter.Message(outbox.MessageID(m, h.Public), address)
}

// place is where a mail's button leads.
func place(m jobs.Mail, told []mail.Told) []string {
	if len(told) > 1 {
		return []string{"v1", "me", "notifications"}
	}
	ws := m.Workspace.String()
	if m.Kind == outbox.Digest {
		ws = told[0].Workspace.String()
	}
	switch kind := told[0].Notice.Kind; {
	case ws == "":
		return []string{"v1", "me"}
	case kind == notice.Removed || kind == notice.WorkspaceDeleted:
		return []string{"v1", "workspaces"}
	case kind.IsAboutPost() && len(told[0].Notice.Details.Posts) == 1:
		return []string{"v1", "workspaces", ws, "posts", told[0].Notice.Details.Posts[0].String()}
	case kind == notice.RunsOut:
		return []string{"v1", "workspaces", ws, "accounts", told[0].Notice.Account.String()}
	case kind == notice.PostsPassed:
		return []string{"v1", "workspaces", ws, "posts"}
	case kind == notice.WorkspaceChanged || kind == notice.WorkspaceEnding:
		return []string{"v1", "workspaces", ws}
	case kind == notice.ExportReady:
		return []string{"v1", "workspaces", ws, "exports"}
	default:
		return []string{"v1", "workspaces", ws, "members", "me"}
	}
}

// told reads what a notice says at this moment, and where its person is
// written to. It is ErrObsolete when it is not true any more.
func (h *Handler) told(ctx context.Context, m jobs.Mail) (told mail.Told, email personal.Text, err error) {
	switch m.Stream.Category {
	case domain.UserStreams:
		return h.ofUser(ctx, m)
	case domain.PostStreams:
		return h.ofPost(ctx, m)
	case domain.AccountStreams:
		return h.ofAccount(ctx, m)
	}
	w, about, err := h.folded(ctx, m)
	if err != nil {
		return told, email, err
	}
	n, found := noticeTo(about, m, &w)
	if !found || !stillTrue(n, &w) {
		return told, email, outbox.ErrObsolete
	}
	listed, err := h.titles(ctx, m, n.Details.Posts)
	if err != nil {
		return told, email, err
	}
	person := user.Stream(m.Person)
	loaded, err := h.Store.Load(ctx, eventstore.Scope{}, person)
	if err != nil {
		return told, email, err
	}
	held := w.Accounts[n.Account]
	if gone, is := about.Event.(workspace.AccountRemoved); is {
		held.Name, held.Network = gone.Name, gone.Network
	}
	return mail.Told{
		Notice: n, At: about.RecordedAt, Workspace: m.Workspace, Listed: listed,
		Names: notice.Names{Workspace: w.Name, Account: held.Name, Network: held.Network},
	}, domain.Fact[*user.User](loaded.Facts, person).Email, nil
}

// ofUser reads a notice about a person's own account. It goes to the address
// that they had when it happened: who has taken an account over, and changed
// its address, is not the one to be told.
func (h *Handler) ofUser(ctx context.Context, m jobs.Mail) (told mail.Told, email personal.Text, err error) {
	var u user.User
	for recorded, err := range h.Store.Read(ctx, eventstore.Scope{User: m.Person}, m.Stream, eventstore.UpTo{}) {
		if err != nil {
			return told, email, err
		}
		if recorded.ID == m.Event {
			n, found := noticeTo(recorded, m, nil)
			if !found {
				break
			}
			told = mail.Told{Notice: n, At: recorded.RecordedAt}
			if e, is := recorded.Event.(user.NewClientNoted); is {
				if err := h.Persons.Open(ctx, &e.Client); err != nil {
					return told, email, err
				}
				told.Listed = []string{e.Client.Reveal()}
			}
			return told, u.Email, nil
		}
		u.Evolve(recorded.Event)
	}
	return told, email, fmt.Errorf("%s holds no event %s that its person is told of", m.Stream, m.Event)
}

// noticeTo is what the event tells this person; w is nil for a user's events.
func noticeTo(about eventstore.Recorded, m jobs.Mail, w *workspace.Workspace) (notice.Notice, bool) {
	all := notice.Of(about.Event, about.Stream, about.Metadata.Actor)
	if w != nil {
		all = append(all, notice.OfState(about.Event, w, about.Metadata.Actor)...)
	}
	for _, n := range all {
		if n.To == m.Person && n.Kind == m.Kind {
			return n, true
		}
	}
	return notice.Notice{}, false
}

// titles is how posts begin, for the mail that lists them (R61).
func (h *Handler) titles(ctx context.Context, m jobs.Mail, posts []domain.PostID) (titles []string, err error) {
	for i, id := range posts {
		if i >= mail.MostListed { // the mail says how many more there are
			titles = append(titles, "")
			continue
		}
		stream := post.Stream(id)
		loaded, err := h.Store.Load(ctx, eventstore.Scope{Workspace: m.Workspace}, stream)
		if err != nil {
			return nil, err
		}
		sealed := domain.Fact[*post.Post](loaded.Facts, stream).Content
		if err := h.Persons.Open(ctx, &sealed); err != nil {
			return nil, err
		}
		content, err := post.ReadContent(sealed)
		if err != nil {
			titles = append(titles, sealed.Reveal())
			continue
		}
		titles = append(titles, title(content.Text))
	}
	return titles, nil
}

// stillTrue reports whether there is a point in telling it now: nobody is told
// about the access that they had before they were removed.
func stillTrue(n notice.Notice, w *workspace.Workspace) bool {
	member, is := w.Members[n.To]
	switch n.Kind {
	case notice.Added:
		return is
	case notice.AccessChanged:
		if !is {
			return false
		}
		_, assigned := member.Assignments[n.Account]
		return assigned || n.Account.IsZero() || n.Details.Change == notice.Unassigned
	case notice.Removed:
		return !is
	case notice.TwoFactor:
		return is && member.RequireTwoFactor
	case notice.OwnershipOffered:
		return w.OfferedTo == n.To
	case notice.ExportReady:
		return w.Owner == n.To && !w.Deleted
	case notice.WorkspaceChanged, notice.WorkspaceEnding:
		return stillSo(n, w)
	}
	return true
}

// stillSo reports whether the workspace still is as it was announced: who
// pauses, and goes on before anybody was mailed, has changed nothing.
func stillSo(n notice.Notice, w *workspace.Workspace) bool {
	paused := w.Paused
	if !n.Account.IsZero() {
		paused = w.Accounts[n.Account].Paused
	}
	switch n.Details.Change {
	case notice.Renaming:
		return w.Name != n.Details.Name
	case notice.Pausing:
		return paused
	case notice.Resuming:
		return !paused
	case notice.Deleting:
		return !w.DeleteAt.IsZero()
	case notice.Remaining:
		return w.DeleteAt.IsZero()
	}
	return true
}
