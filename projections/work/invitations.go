package work

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace"
)

// OpenInvitation is a pending invitation and the event that made it.
type OpenInvitation struct {
	Event         domain.EventID      `db:"event_id"`
	Position      int64               `db:"position"`
	Workspace     domain.WorkspaceID  `db:"workspace_id"`
	WorkspaceName string              `db:"workspace_name"`
	ID            domain.InvitationID `db:"invitation_id"`
	Generation    int                 `db:"generation"`
	Role          workspace.Role      `db:"role"`
	Person        domain.UserID       `db:"person_id"`
	Email         personal.Text       `db:"email"`
	InvitedBy     domain.UserID       `db:"invited_by"`
	InvitedAt     time.Time           `db:"invited_at"`
	ExpiresAt     time.Time           `db:"expires_at"`
}

const sqlOpenInvitations = `
select
	i.event_id,
	i.position,
	i.workspace_id,
	w.name as workspace_name,
	i.invitation_id,
	i.generation,
	i.role,
	i.person_id,
	i.email,
	i.invited_by,
	i.invited_at,
	i.expires_at
from views.invitations as i
left join views.workspaces as w on w.workspace_id = i.workspace_id
where i.status = 'pending'
and i.invited_at > $1
and w.closed_at is null
and w.delete_at is null
order by i.invited_at
limit $2`

// InvitationsSince lists pending invitations into open workspaces made after a
// moment, the oldest first.
func (r *Reader) InvitationsSince(ctx context.Context, moment time.Time, limit int) ([]OpenInvitation, error) {
	return list[OpenInvitation](ctx, r, "pending invitations", sqlOpenInvitations, moment, limit)
}
