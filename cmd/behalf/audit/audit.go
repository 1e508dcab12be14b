// Package audit tells the membership history of a workspace to people, from
// the log itself: views are not asked, because they are not evidence.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"behalf/api/history/past"
	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// Auditor reads histories. The store has to run under eventstore.RoleEngine.
type Auditor struct {
	Store  *eventstore.Store
	Reader past.Reader // over the same pool
}

// Format is how an answer is written.
type Format string

// The formats.
const (
	Text Format = "text" // for people
	JSON Format = "json" // one value a line
	CSV  Format = "csv"  // a table
)

// names answers what people call the users and accounts of a workspace, by
// their ids: users as of now, accounts as of the state.
func (a Auditor) names(ctx context.Context, state past.State) (names, error) {
	known := names{state.ID.String(): state.Name}
	for account, held := range state.Accounts {
		known[account.String()] = held.Name
	}
	for _, invitation := range state.Invitations {
		if err := a.address(ctx, known, invitation); err != nil {
			return nil, err
		}
	}
	users := slices.Collect(maps.Keys(state.Members))
	called, err := a.namesOf(ctx, users...)
	if err != nil {
		return nil, err
	}
	for user, name := range called {
		known[user.String()] = name
	}
	return known, nil
}

// address lets whoever was invited be called by that address.
func (a Auditor) address(ctx context.Context, known names, invitation workspace.Invitation) error {
	email := invitation.Offer.Email
	if err := a.Reader.Persons.Open(ctx, &email); err != nil {
		return fmt.Errorf("open an address: %w", err)
	}
	known[invitation.Person.String()] = email.Reveal()
	return nil
}

// state is the workspace at a moment, to the engine's role.
func (a Auditor) state(ctx context.Context, id domain.WorkspaceID, at past.Moment) (past.State, error) {
	return a.Reader.State(ctx, eventstore.Scope{Workspace: id}, id, at)
}

// writeJSON writes a value on a line, addresses as they are.
func writeJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
