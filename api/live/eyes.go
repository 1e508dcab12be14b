package live

import (
	"context"
	"maps"
	"slices"

	"behalf/api/access"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// eyes are what a reader may see at this moment, decided on the log.
type eyes struct {
	admission access.Admission
	facts     domain.Facts // of the accounts and posts that are in question
}

// look asks who the reader is and what they may see now. It is asked after the
// events were read: what a member lost meanwhile, they have lost.
func (r *reader) look(ctx context.Context, events []happened) (eyes, error) {
	principal, err := r.desk.SignIn.Again(ctx, signin.From(ctx))
	if err != nil {
		return eyes{}, err
	}
	admission, err := r.desk.Door.Recheck(signin.With(ctx, principal), r.name)
	if err != nil {
		return eyes{}, err
	}
	seen := eyes{admission: admission}
	streams := questioned(admission, events)
	if len(streams) == 0 {
		return seen, nil
	}
	loaded, err := r.desk.Store.Load(ctx, r.scope, streams...)
	if err != nil {
		return eyes{}, err
	}
	seen.facts = loaded.Facts
	return seen, r.connected(ctx, &seen, streams)
}

// questioned are the streams that decide whether the events may be seen.
func questioned(admission access.Admission, events []happened) []domain.Stream {
	var streams []domain.Stream
	for _, event := range events {
		switch event.stream.Category {
		case domain.PostStreams:
			streams = append(streams, event.stream)
		case domain.AccountStreams:
			if !admission.Member.Holds(event.account) {
				streams = append(streams, event.stream)
			}
		}
	}
	return unique(streams)
}

// connected loads the accounts of posts that the reader does not hold: they
// may have connected one of them themselves (R27).
func (r *reader) connected(ctx context.Context, seen *eyes, streams []domain.Stream) error {
	var accounts []domain.Stream
	for _, stream := range streams {
		if stream.Category != domain.PostStreams {
			continue
		}
		for id := range domain.Fact[*post.Post](seen.facts, stream).Targets {
			if _, known := seen.facts[account.Stream(id)]; !known && !seen.admission.Member.Holds(id) {
				accounts = append(accounts, account.Stream(id))
			}
		}
	}
	if len(accounts) == 0 {
		return nil
	}
	loaded, err := r.desk.Store.Load(ctx, r.scope, unique(accounts)...)
	if err != nil {
		return err
	}
	for stream, state := range loaded.Facts {
		seen.facts[stream] = state
	}
	return nil
}

func unique(streams []domain.Stream) []domain.Stream {
	slices.SortFunc(streams, func(a, b domain.Stream) int { return slices.Compare([]byte(a.String()), []byte(b.String())) })
	return slices.Compact(streams)
}

// see reports whether the reader may know of an event.
func (e eyes) see(event happened) bool {
	switch event.stream.Category {
	case domain.WorkspaceStreams:
		return e.manages(event) || event.names(e.admission.Member.User) || e.shared(event)
	case domain.AccountStreams:
		return e.account(event.account) && !slices.Contains(nobodys, event.Type)
	case domain.PostStreams:
		return e.post(event)
	default: // who read the history is the auditors' matter, and they ask the history
		return false
	}
}

// manages reports whether an event is the business of whoever manages members:
// all that happens to them, but on accounts that the reader does not have (R27).
// One that the workspace does not hold any more is nobody's, and an id says nothing.
func (e eyes) manages(event happened) bool {
	_, kept := e.admission.Workspace.Accounts[event.account]
	return e.admission.Manages() && (!kept || e.account(event.account))
}

// everybodys are the events of a workspace that every member may know of, as
// long as they are not about one account.
var everybodys = []string{
	"workspace.created.v1", "workspace.renamed.v1", "workspace.ownership_transferred.v1",
	"workspace.closed.v1", "workspace.deletion_scheduled.v1", "workspace.deletion_cancelled.v1",
	"workspace.publishing_paused.v1", "workspace.publishing_resumed.v1", "workspace.grace_set.v1",
}

// nobodys are the events that go with others, which tell the same.
var nobodys = []string{"account.slot_reserved.v1", "account.slot_released.v1"}

// shared reports whether an event is about the workspace as such, or about an
// account that the reader sees and no member.
func (e eyes) shared(event happened) bool {
	if event.account.IsZero() {
		return slices.Contains(everybodys, event.Type)
	}
	return event.member.IsZero() && e.account(event.account)
}

// account is R27: assigned, or connected by the reader.
func (e eyes) account(id domain.AccountID) bool {
	if e.admission.Member.Holds(id) {
		return true
	}
	state, loaded := e.facts[account.Stream(id)].(*account.Account)
	return loaded && state.ConnectionOf(e.admission.Member.User).State != account.Missing
}

// post is R28: a post is seen by whoever sees one of its accounts, and what
// happens on an account by whoever sees that one; a draft by whoever sees all of
// them, or by its author alone (R31).
func (e eyes) post(event happened) bool {
	written, loaded := e.facts[event.stream].(*post.Post)
	if !loaded || written.IsHiddenFrom(e.admission.Member.User) {
		return false
	}
	accounts := slices.Collect(maps.Keys(written.Targets))
	unseen := func(id domain.AccountID) bool { return !e.account(id) }
	switch {
	case e.admission.Member.Role == workspace.Owner:
		return true
	case written.Exists() && written.IsDraft() && written.Author != e.admission.Member.User:
		return !slices.ContainsFunc(accounts, unseen)
	case !event.account.IsZero():
		return e.account(event.account)
	default:
		return slices.ContainsFunc(slices.Concat(accounts, written.Gone), e.account)
	}
}
