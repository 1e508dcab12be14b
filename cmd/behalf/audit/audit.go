// Package audit tells the membership history of a workspace to people, from
// the log itself: views are not asked, because they are not evidence.
package audit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// ErrNoWorkspace: there is no such workspace, or there was none yet at that moment.
var ErrNoWorkspace = errors.New("there is no such workspace at that moment")

// Moment is a point in the history: "now", a position in the log, or an instant.
type Moment struct {
	upTo eventstore.UpTo
	text string
}

// UnmarshalText reads a position ("42") or an RFC 3339 instant ("2026-11-22T10:00:00Z").
func (m *Moment) UnmarshalText(text []byte) error {
	m.text = string(text)
	if position, err := strconv.ParseInt(m.text, 10, 64); err == nil {
		if position < 1 {
			return errors.New("a position is 1 or more")
		}
		m.upTo.Position = position
		return nil
	}
	instant, err := time.Parse(time.RFC3339Nano, m.text)
	if err != nil {
		return errors.New("neither a position in the log nor an RFC 3339 instant")
	}
	m.upTo.Instant = instant
	return nil
}

func (m Moment) String() string {
	if m.text == "" {
		return "now"
	}
	return m.text
}

// Auditor reads histories. The store has to run under eventstore.RoleEngine.
type Auditor struct {
	Store   *eventstore.Store
	Persons personal.Opener // opens addresses and names; those of erased people read personal.Erased
}

// names answers what people call the users and accounts of a workspace, by
// their ids, as of now.
func (a Auditor) names(ctx context.Context, id domain.WorkspaceID) (names, error) {
	state, _, err := a.Store.StateAt(ctx, eventstore.Scope{Workspace: id}, workspace.Stream(id), eventstore.UpTo{})
	if err != nil {
		return nil, err
	}
	w := state.(*workspace.Workspace)
	if !w.Exists() {
		return nil, ErrNoWorkspace
	}
	known := names{id.String(): w.Name}
	for account, held := range w.Accounts {
		known[account.String()] = held.Name
	}
	for _, invitation := range w.Invitations {
		email := invitation.Offer.Email
		if err := a.Persons.Open(ctx, &email); err != nil {
			return nil, err
		}
		known[invitation.Person.String()] = email.Reveal()
	}
	for member := range w.Members {
		name, err := a.nameOf(ctx, member)
		if err != nil {
			return nil, fmt.Errorf("read the name of %s: %w", member, err)
		}
		known[member.String()] = name
	}
	return known, nil
}
