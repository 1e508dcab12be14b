package reading

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/rows"

	"github.com/jackc/pgx/v5"
)

// Invitation is an offer of membership as its workspace sees it.
type Invitation struct {
	ID               domain.InvitationID        `db:"invitation_id"`
	Workspace        domain.WorkspaceID         `db:"workspace_id"`
	WorkspaceName    string                     `db:"workspace_name"`
	Status           workspace.InvitationStatus `db:"status"` // workspace.Expired from that very moment on (R23): the event that says so may come later
	Generation       int                        `db:"generation"`
	Role             workspace.Role             `db:"role"`
	Person           domain.UserID              `db:"person_id"`
	Email            personal.Text              `db:"email"`
	AddAccounts      bool                       `db:"add_accounts"`
	ManagePosts      bool                       `db:"manage_posts"`
	Auditor          bool                       `db:"auditor"`
	RequireTwoFactor bool                       `db:"require_two_factor"`
	Assignments      []workspace.Assignment     `db:"assignments"`
	InvitedBy        domain.UserID              `db:"invited_by"`
	InvitedByName    personal.Text              `db:"invited_by_name"` // zero for who is no member any more
	InvitedAt        time.Time                  `db:"invited_at"`
	ExpiresAt        time.Time                  `db:"expires_at"`
	Position         int64                      `db:"position"` // of its event: newer ones have higher ones
	Delivery         Delivery                   `db:"delivery"` // of its mail
	DeliveryCode     string                     `db:"delivery_code"`
}

// Delivery is what became of an invitation's mail. It is no part of the log,
// but what the mail server said.
type Delivery string

// The states of a delivery; none for an invitation that needed no mail any more.
const (
	MailWaits       Delivery = "waiting"
	MailSent        Delivery = "sent"
	MailDelayed     Delivery = "delayed"       // the mail server did not take it yet; it is tried again
	MailUndelivered Delivery = "undeliverable" // the mail server refused it for good
)

const sqlInvitations = `
select
	i.invitation_id,
	i.workspace_id,
	w.name as workspace_name,
	case when i.status = 'pending' and i.expires_at <= $3 then 'expired' else i.status end as status,
	i.generation,
	i.role,
	i.person_id,
	i.email,
	i.add_accounts,
	i.manage_posts,
	i.auditor,
	i.require_two_factor,
	i.assignments,
	i.invited_by,
	p.name as invited_by_name,
	i.invited_at,
	i.expires_at,
	i.position,
	case
		when m.outcome in ('sent', 'undeliverable') then m.outcome
		when m.outcome is not null then ''
		when m.code is not null then 'delayed'
		when i.status = 'pending' then 'waiting'
		else ''
	end as delivery,
	m.code as delivery_code
from views.invitations as i
left join views.workspaces as w on w.workspace_id = i.workspace_id
left join views.people as p on p.user_id = i.invited_by
left join workers.mails as m on m.event_id = i.event_id and m.kind = 'invitation'
where i.workspace_id = $1
and ($2::uuid is null or i.invitation_id = $2)
and ($4::text is null or $4 = case when i.status = 'pending' and i.expires_at <= $3 then 'expired' else i.status end)
and ($5::text is null or i.role = $5)
and ($6::bigint is null or i.position < $6)
order by i.position desc
limit $7`

var invitationsViews = []projections.View{projections.Invitations, projections.Members, projections.People}

// InvitationPage says which invitations are asked for.
type InvitationPage struct {
	Now    time.Time      // decides which of them have expired
	Status string         // empty: any
	Role   workspace.Role // empty: any
	Before *int64         // only older than this Position; nil: from the newest on
	Limit  int            // 0: all
}

// Invitations lists the workspace's invitations, the newest first.
func (r *Reader) Invitations(ctx context.Context, scope eventstore.Scope, atLeast int64, page InvitationPage) (Answer[[]Invitation], error) {
	return List(ctx, r, scope, atLeast, invitationsViews, func(batch *pgx.Batch, into *[]Invitation) {
		PlanEach(batch)
		rows.Queue(batch, into, sqlInvitations, rows.UUID(scope.Workspace), nil, page.Now, rows.Word(page.Status), rows.Word(page.Role),
			page.Before, rows.AtMost(page.Limit))
	})
}

// Invitation answers one of the workspace's invitations, or ErrNotFound.
func (r *Reader) Invitation(ctx context.Context, scope eventstore.Scope, atLeast int64, id domain.InvitationID, now time.Time) (Answer[Invitation], error) {
	return One(ctx, r, scope, atLeast, invitationsViews, func(batch *pgx.Batch, into *[]Invitation) {
		PlanEach(batch)
		rows.Queue(batch, into, sqlInvitations, rows.UUID(scope.Workspace), rows.UUID(id), now, nil, nil, nil, nil)
	})
}
