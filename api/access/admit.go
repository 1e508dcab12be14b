package access

import (
	"context"
	"fmt"

	"behalf/api/presence"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// Door lets members into their workspaces.
type Door struct {
	store  *eventstore.Store
	signIn *signin.Desk
	book   *presence.Register
}

// NewDoor makes a door that asks the log, not the views: whoever lost access
// is out at the next request (R64). book keeps when members were last active;
// nil keeps nothing.
func NewDoor(store *eventstore.Store, desk *signin.Desk, book *presence.Register) *Door {
	return &Door{store: store, signIn: desk, book: book}
}

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
// that was not proved answers R63. Who is let in is active there.
func (d *Door) Admit(ctx context.Context, id string) (Admission, error) {
	admission, err := d.Recheck(ctx, id)
	if err == nil {
		d.Note(ctx, admission)
	}
	return admission, err
}

// Note notes that a member who was let in is active, for whoever does not let
// them in by Admit.
func (d *Door) Note(ctx context.Context, admission Admission) { d.book.Note(ctx, admission.Scope()) }

// Recheck is Admit for what goes on by itself, which is no activity of the member's.
func (d *Door) Recheck(ctx context.Context, id string) (Admission, error) {
	ws, err := WorkspaceID(id)
	if err != nil {
		return Admission{}, err
	}
	who := signin.From(ctx)
	loaded, err := d.store.Load(ctx, eventstore.Scope{Workspace: ws, User: who.User}, workspace.Stream(ws))
	if err != nil {
		return Admission{}, fmt.Errorf("admit: %w", err)
	}
	return admitted(ws, who, loaded)
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
