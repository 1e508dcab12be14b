package projections

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/view"

	"github.com/jackc/pgx/v5"
)

// Invitations are the offers of membership and what became of them.
var Invitations = View{
	Name: "invitations", Version: 2, Tables: invitationsTables, Indexes: invitationsIndexes, Access: invitationsAccess,
	Types: view.Types(
		workspace.ClientInvited{}, workspace.AdminInvited{}, workspace.EditorInvited{}, workspace.AuditorInvited{},
		workspace.InvitationAmended{}, workspace.InvitationResent{}, workspace.InvitationRevoked{}, workspace.InvitationDeclined{},
		workspace.InvitationExpired{}, workspace.InvitationSuperseded{}, workspace.InvitationAccepted{},
	),
	Handle: handleInvitations,
}

const invitationsTables = `
create table invitations (
	invitation_id uuid primary key,
	workspace_id uuid not null,
	status text not null,
	generation integer not null,
	role text not null,
	person_id uuid not null,
	email text not null,
	add_accounts boolean not null,
	manage_posts boolean not null,
	auditor boolean not null,
	require_two_factor boolean not null,
	assignments jsonb not null,
	invited_by uuid,
	invited_at timestamptz not null,
	expires_at timestamptz not null,
	event_id uuid not null,
	position bigint not null
)`

const invitationsIndexes = `
create index invitations_newest on invitations (workspace_id, position);
create index invitations_pending on invitations (invited_at) where status = 'pending';
create index invitations_expiring on invitations (expires_at) where status = 'pending'`

const invitationsAccess = `
create policy api on invitations for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
)`

// Expired is the status of an invitation whose time has passed (R23), from that
// very moment on: the event that says so may come later.
const Expired = workspace.Expired

type invitationRow struct {
	ID               domain.InvitationID        `db:"invitation_id"`
	Workspace        domain.WorkspaceID         `db:"workspace_id"`
	Status           workspace.InvitationStatus `db:"status"`
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
	InvitedAt        time.Time                  `db:"invited_at"`
	ExpiresAt        time.Time                  `db:"expires_at"`
	Event            domain.EventID             `db:"event_id"`
	Position         int64                      `db:"position"`
}

var invitations = rows.NewTable[invitationRow]("invitations", "invitation_id")

func handleInvitations(recorded eventstore.Recorded) []rows.Change {
	switch e := recorded.Event.(type) {
	case workspace.Invited:
		offer := e.Offer()
		return []rows.Change{invitations.Put(invitationRow{
			ID: offer.Invitation, Workspace: recorded.Workspace, Status: workspace.Pending,
			Generation: offer.Generation, Role: offer.Role, Person: offer.Person, Email: offer.Email,
			AddAccounts: offer.Access.AddAccounts, ManagePosts: offer.Access.ManagePosts, Auditor: offer.Auditor,
			RequireTwoFactor: offer.RequireTwoFactor, Assignments: append([]workspace.Assignment{}, offer.Assignments...),
			InvitedBy: recorded.Metadata.Actor, InvitedAt: recorded.RecordedAt, ExpiresAt: offer.ExpiresAt.UTC(),
			Event: recorded.ID, Position: recorded.Position,
		})}
	case workspace.InvitationAmended:
		return []rows.Change{invitations.Patch(rows.Values{"invitation_id": e.Invitation}, rows.Values{
			"role": e.Role, "add_accounts": e.Access.AddAccounts, "manage_posts": e.Access.ManagePosts, "auditor": e.Auditor,
			"require_two_factor": e.RequireTwoFactor, "assignments": append([]workspace.Assignment{}, e.Assignments...),
		})}
	case workspace.InvitationResent:
		return []rows.Change{invitations.Patch(rows.Values{"invitation_id": e.Invitation}, rows.Values{
			"status": workspace.Pending, "generation": e.Generation, "expires_at": e.ExpiresAt.UTC(),
			"invited_by": recorded.Metadata.Actor, "invited_at": recorded.RecordedAt,
			"event_id": recorded.ID, "position": recorded.Position,
		})}
	case workspace.InvitationRevoked:
		return invitationBecomes(e.Invitation, workspace.Revoked)
	case workspace.InvitationDeclined:
		return invitationBecomes(e.Invitation, workspace.Declined)
	case workspace.InvitationExpired:
		return invitationBecomes(e.Invitation, workspace.Expired)
	case workspace.InvitationSuperseded:
		return invitationBecomes(e.Invitation, workspace.Superseded)
	case workspace.InvitationAccepted:
		return invitationBecomes(e.Invitation, workspace.Accepted)
	}
	return nil
}

func invitationBecomes(id domain.InvitationID, status workspace.InvitationStatus) []rows.Change {
	return []rows.Change{invitations.Patch(rows.Values{"invitation_id": id}, rows.Values{"status": status})}
}

// Invitation is an offer of membership as its workspace sees it.
type Invitation struct {
	ID               domain.InvitationID        `db:"invitation_id"`
	Workspace        domain.WorkspaceID         `db:"workspace_id"`
	WorkspaceName    string                     `db:"workspace_name"`
	Status           workspace.InvitationStatus `db:"status"` // Expired included
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

var invitationsViews = []View{Invitations, Members, People}

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
	return list(ctx, r, scope, atLeast, invitationsViews, func(batch *pgx.Batch, into *[]Invitation) {
		batch.Queue(sqlPlanEach)
		queue(batch, into, sqlInvitations, rows.UUID(scope.Workspace), nil, page.Now, word(page.Status), word(page.Role),
			page.Before, atMost(page.Limit))
	})
}

// Invitation answers one of the workspace's invitations, or ErrNotFound.
func (r *Reader) Invitation(ctx context.Context, scope eventstore.Scope, atLeast int64, id domain.InvitationID, now time.Time) (Answer[Invitation], error) {
	return one(ctx, r, scope, atLeast, invitationsViews, func(batch *pgx.Batch, into *[]Invitation) {
		batch.Queue(sqlPlanEach)
		queue(batch, into, sqlInvitations, rows.UUID(scope.Workspace), rows.UUID(id), now, nil, nil, nil, nil)
	})
}
