package reading

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// Workspace is a workspace as one of its members sees it.
type Workspace struct {
	ID        domain.WorkspaceID `db:"workspace_id"`
	Name      string             `db:"name"`
	Owner     domain.UserID      `db:"owner_id"`
	CreatedAt time.Time          `db:"created_at"`
	OfferedTo domain.UserID      `db:"offered_to"`    // to whom the ownership is offered; zero if it is not (R11)
	Paused    bool               `db:"paused"`        // R68
	Grace     int                `db:"grace_minutes"` // R56
	ClosedAt  time.Time          `db:"closed_at"`     // zero while it is open (R13)
	DeleteAt  time.Time          `db:"delete_at"`     // zero unless it is to be deleted (R13)
	Role      workspace.Role     `db:"role"`          // the asking user's
}

const sqlMyWorkspaces = `
select
	w.workspace_id,
	w.name,
	w.owner_id,
	w.created_at,
	w.offered_to,
	w.paused,
	w.grace_minutes,
	w.closed_at,
	w.delete_at,
	m.role
from views.members as m
join views.workspaces as w on w.workspace_id = m.workspace_id
where m.user_id = $1
and ($2::uuid is null or m.workspace_id = $2)
and ($3::text is null or m.role = $3)
and ($4::text is null or (w.name, w.workspace_id) > ($4, $5::uuid))
order by w.name, w.workspace_id
limit $6`

// WorkspacePage says which workspaces are asked for.
type WorkspacePage struct {
	Role  workspace.Role // only where the user has it; empty: any
	After *NameKey       // nil: from the first on
	Limit int            // 0: all
}

// Workspaces lists all workspaces that the scope's user is a member of, by
// name. The scope names no workspace.
func (r *Reader) Workspaces(ctx context.Context, scope eventstore.Scope, atLeast int64) (Answer[[]Workspace], error) {
	return r.WorkspacesOf(ctx, scope, atLeast, WorkspacePage{})
}

// WorkspacesOf lists some of them.
func (r *Reader) WorkspacesOf(ctx context.Context, scope eventstore.Scope, atLeast int64, page WorkspacePage) (Answer[[]Workspace], error) {
	return List(ctx, r, scope, atLeast, []projections.View{projections.Members}, func(batch *pgx.Batch, into *[]Workspace) {
		PlanEach(batch)
		name, id := page.After.parameters()
		rows.Queue(batch, into, sqlMyWorkspaces, rows.UUID(scope.User), nil, rows.Word(page.Role), name, id, rows.AtMost(page.Limit))
	})
}

// Workspace answers the scope's workspace for the scope's user, or ErrNotFound
// when that is no member of it: this is how R32 is asked.
func (r *Reader) Workspace(ctx context.Context, scope eventstore.Scope, atLeast int64) (Answer[Workspace], error) {
	return One(ctx, r, scope, atLeast, []projections.View{projections.Members}, func(batch *pgx.Batch, into *[]Workspace) {
		PlanEach(batch)
		rows.Queue(batch, into, sqlMyWorkspaces, rows.UUID(scope.User), rows.UUID(scope.Workspace), nil, nil, nil, nil)
	})
}
