package access

import (
	"context"
	"fmt"

	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// Door lets members into their workspaces.
type Door struct{ store *eventstore.Store }

// NewDoor makes a door that asks the log, not the views: whoever lost access
// is out at the next request (R64).
func NewDoor(store *eventstore.Store) *Door { return &Door{store: store} }

// Admission is a member inside a workspace.
type Admission struct {
	ID        domain.WorkspaceID
	Workspace workspace.Workspace // as it is now
	Version   int                 // of its stream
	Position  int64               // of its newest event
	Member    workspace.Member
}

// Scope is what row-level security lets the member's queries see.
func (a Admission) Scope() eventstore.Scope {
	return eventstore.Scope{Workspace: a.ID, User: a.Member.User}
}

// Manages reports whether the member is the Owner or an Admin.
func (a Admission) Manages() bool {
	return a.Member.Role == workspace.Owner || a.Member.Role == workspace.Admin
}

// Admit returns the acting user's admission to the workspace with this id as
// it was sent. A malformed id, a workspace that does not exist and one that
// the user is no member of all answer R32; one that requires a second factor
// that was not proved answers R63.
func (d *Door) Admit(ctx context.Context, id string) (Admission, error) {
	ws, err := WorkspaceID(id)
	if err != nil {
		return Admission{}, err
	}
	principal := signin.From(ctx)
	user := principal.User
	stream := workspace.Stream(ws)
	loaded, err := d.store.Load(ctx, eventstore.Scope{Workspace: ws, User: user}, stream)
	if err != nil {
		return Admission{}, fmt.Errorf("admit: %w", err)
	}
	state := *domain.Fact[*workspace.Workspace](loaded.Facts, stream)
	state.ID = ws
	member, err := state.AdmitReader(domain.Actor{User: user, TwoFactor: principal.TwoFactor})
	if err != nil {
		return Admission{}, err
	}
	return Admission{ID: ws, Workspace: state, Version: loaded.Versions[stream], Position: loaded.Position, Member: member}, nil
}

// WorkspaceID reads an id from a path: one that cannot exist answers like one
// that does not (R32).
func WorkspaceID(text string) (domain.WorkspaceID, error) {
	var id domain.WorkspaceID
	if err := id.UnmarshalText([]byte(text)); err != nil || id.IsZero() {
		return domain.WorkspaceID{}, domain.Hidden()
	}
	return id, nil
}
