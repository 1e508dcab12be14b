package work

import (
	"context"
	"time"

	"behalf/domain"
)

// DueInvitation is a pending invitation whose time has come.
type DueInvitation struct {
	Workspace domain.WorkspaceID  `db:"workspace_id"`
	ID        domain.InvitationID `db:"invitation_id"`
}

const sqlExpired = `
select workspace_id, invitation_id
from views.invitations
where status = 'pending'
and expires_at <= $1
order by expires_at
limit $2`

// ExpiredInvitations lists pending invitations that could be accepted until a
// moment at most (R23).
func (r *Reader) ExpiredInvitations(ctx context.Context, moment time.Time, limit int) ([]DueInvitation, error) {
	return list[DueInvitation](ctx, r, "expired invitations", sqlExpired, moment, limit)
}

// DueDeletion is a workspace whose days of grace have passed.
type DueDeletion struct {
	Workspace domain.WorkspaceID `db:"workspace_id"`
}

const sqlDeletable = `
select workspace_id
from views.workspaces
where delete_at <= $1
order by delete_at
limit $2`

// DeletableWorkspaces lists those that are to be deleted by a moment (R13).
func (r *Reader) DeletableWorkspaces(ctx context.Context, moment time.Time, limit int) ([]DueDeletion, error) {
	return list[DueDeletion](ctx, r, "workspaces to be deleted", sqlDeletable, moment, limit)
}

const sqlNextDeadline = `
select least(
	(select min(expires_at) from views.invitations where status = 'pending' and expires_at > $1),
	(select min(delete_at) from views.workspaces where delete_at > $1)
) as at`

// NextDeadline is the first moment after the given one at which an invitation
// expires or a workspace is to be deleted; zero if there is none.
func (r *Reader) NextDeadline(ctx context.Context, after time.Time) (time.Time, error) {
	type deadline struct {
		At time.Time `db:"at"`
	}
	found, err := list[deadline](ctx, r, "next deadline", sqlNextDeadline, after)
	if err != nil {
		return time.Time{}, err
	}
	return found[0].At, nil // the statement always has one row
}
