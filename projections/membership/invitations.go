package membership

import (
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/view"
)

// Invitations are the offers of membership and what became of them.
var Invitations = view.View{
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
