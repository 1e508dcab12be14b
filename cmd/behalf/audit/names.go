package audit

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/eventstore"
)

// names maps written ids to what people call the thing.
type names map[string]string

// of is the name for an id, or the id itself, on one line.
func (n names) of(id string) string {
	if name, known := n[id]; known {
		return oneLine(name)
	}
	return oneLine(id)
}

// subject says whose history an event is part of, where the event does not.
func (n names) subject(stream domain.Stream) string {
	switch stream.Category {
	case domain.AccountStreams:
		return " on " + n.of(domain.AccountID(stream.ID).String())
	case domain.PostStreams:
		return " on " + domain.PostID(stream.ID).String()
	default:
		return ""
	}
}

// oneLine shows what somebody wrote so that it stays on its line, and a
// terminal takes none of it for an instruction: people write posts, networks
// name accounts, and neither may add a line to the history or hide one.
func oneLine(text string) string {
	if !strings.ContainsFunc(text, disturbs) {
		return text
	}
	var shown strings.Builder
	for _, r := range text {
		if disturbs(r) {
			fmt.Fprintf(&shown, "\\u%04x", r)
		} else {
			shown.WriteRune(r)
		}
	}
	return shown.String()
}

// disturbs: control characters, what separates lines, what turns the direction
// of text, and what cannot be seen.
func disturbs(r rune) bool {
	return r != ' ' && !unicode.IsGraphic(r) || r == '\u2028' || r == '\u2029'
}

// namesOf are the names of users as of now, all read at once.
func (a Auditor) namesOf(ctx context.Context, users ...domain.UserID) (map[domain.UserID]string, error) {
	streams := make([]domain.Stream, len(users))
	for i, id := range users {
		streams[i] = user.Stream(id)
	}
	loaded, err := a.Store.Load(ctx, eventstore.Scope{}, streams...)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	called := map[domain.UserID]string{}
	for i, id := range users {
		person := *domain.Fact[*user.User](loaded.Facts, streams[i])
		switch {
		case person.Erased:
			called[id] = personal.Erased
		case person.Registered:
			if err := a.Reader.Persons.Open(ctx, &person.Name); err != nil {
				return nil, fmt.Errorf("open a name: %w", err)
			}
			called[id] = person.Name.Reveal()
		default:
			called[id] = id.String()
		}
	}
	return called, nil
}
