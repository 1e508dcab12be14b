// Package membership keeps the workspaces, who is a member of them and who has
// been invited, and what people say of themselves.
package membership

import (
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/view"
)

// Members are the workspaces, who is a member with which role, and which
// accounts each member is assigned.
var Members = view.View{
	Name: "members", Version: 5, Tables: membersTables, Indexes: membersIndexes, Access: membersAccess,
	Types: view.Types(
		workspace.Created{}, workspace.Renamed{}, workspace.OwnershipOffered{}, workspace.OwnershipOfferWithdrawn{},
		workspace.OwnershipDeclined{}, workspace.OwnershipTransferred{}, workspace.PublishingPaused{}, workspace.PublishingResumed{},
		workspace.GraceSet{},
		workspace.Closed{}, workspace.DeletionScheduled{}, workspace.DeletionCancelled{}, workspace.Deleted{},
		workspace.InvitationAccepted{}, workspace.RoleChanged{}, workspace.ClientAccessChanged{},
		workspace.AddingAccountsGranted{}, workspace.AddingAccountsWithdrawn{}, workspace.AuditorGranted{}, workspace.AuditorWithdrawn{},
		workspace.TwoFactorRequired{}, workspace.TwoFactorRequirementLifted{}, workspace.MemberRemoved{}, workspace.MemberLeft{},
		workspace.AccountAssigned{}, workspace.AccountUnassigned{}, workspace.PostingLevelChanged{}, workspace.ApprovalChanged{},
		workspace.CredentialModeChanged{}, workspace.AccountRemoved{},
	),
	Handle: handleMembers,
}

const membersTables = `
create table workspaces (
	workspace_id uuid primary key,
	name text not null,
	owner_id uuid not null,
	owned_since timestamptz not null,
	created_at timestamptz not null,
	offered_to uuid,
	paused boolean not null,
	grace_minutes int not null,
	closed_at timestamptz,
	delete_at timestamptz
);
create table members (
	workspace_id uuid not null,
	user_id uuid not null,
	role text not null,
	add_accounts boolean not null,
	manage_posts boolean not null,
	auditor boolean not null,
	require_two_factor boolean not null,
	joined_at timestamptz not null,
	primary key (workspace_id, user_id)
);
create table assignments (
	workspace_id uuid not null,
	user_id uuid not null,
	account_id uuid not null,
	posting_level text not null,
	approves_posts boolean not null,
	credential_mode text not null,
	primary key (workspace_id, user_id, account_id)
)`

const membersIndexes = `
create index members_by_user on members (user_id)`

// A user sees the members of the workspace that is acted in and, to choose one
// to act in, their own memberships with those workspaces' names.
const membersAccess = `
create policy api on workspaces for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
	or workspace_id in (
		select m.workspace_id
		from members as m
		where m.user_id = (select nullif(current_setting('behalf.user', true), '')::uuid)
	)
);
create policy api on members for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
	or user_id = (select nullif(current_setting('behalf.user', true), '')::uuid)
);
create policy api on assignments for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
	or user_id = (select nullif(current_setting('behalf.user', true), '')::uuid)
)`

type workspaceRow struct {
	Workspace domain.WorkspaceID `db:"workspace_id"`
	Name      string             `db:"name"`
	Owner     domain.UserID      `db:"owner_id"`
	Since     time.Time          `db:"owned_since"` // from when on that is the Owner (R49)
	CreatedAt time.Time          `db:"created_at"`
	OfferedTo domain.UserID      `db:"offered_to"`    // to whom the ownership is offered (R11)
	Paused    bool               `db:"paused"`        // R68
	Grace     int                `db:"grace_minutes"` // R56
	ClosedAt  time.Time          `db:"closed_at"`     // zero while it is open (R13)
	DeleteAt  time.Time          `db:"delete_at"`     // zero unless it is to be deleted (R13)
}

type memberRow struct {
	Workspace        domain.WorkspaceID `db:"workspace_id"`
	User             domain.UserID      `db:"user_id"`
	Role             workspace.Role     `db:"role"`
	AddAccounts      bool               `db:"add_accounts"`
	ManagePosts      bool               `db:"manage_posts"`
	Auditor          bool               `db:"auditor"`
	RequireTwoFactor bool               `db:"require_two_factor"`
	JoinedAt         time.Time          `db:"joined_at"`
}

type assignmentRow struct {
	Workspace     domain.WorkspaceID       `db:"workspace_id"`
	User          domain.UserID            `db:"user_id"`
	Account       domain.AccountID         `db:"account_id"`
	PostingLevel  workspace.PostingLevel   `db:"posting_level"`
	ApprovesPosts bool                     `db:"approves_posts"`
	Mode          workspace.CredentialMode `db:"credential_mode"`
}

var (
	workspaces  = rows.NewTable[workspaceRow]("workspaces", "workspace_id")
	members     = rows.NewTable[memberRow]("members", "workspace_id", "user_id")
	assignments = rows.NewTable[assignmentRow]("assignments", "workspace_id", "user_id", "account_id")
)

func handleMembers(recorded eventstore.Recorded) []rows.Change {
	ws := recorded.Workspace
	switch e := recorded.Event.(type) {
	case workspace.Created:
		return []rows.Change{
			workspaces.Put(workspaceRow{
				Workspace: ws, Name: e.Name, Owner: e.Owner, Since: recorded.RecordedAt, CreatedAt: recorded.RecordedAt, Grace: int(workspace.DefaultGrace / time.Minute),
			}),
			members.Put(memberRow{Workspace: ws, User: e.Owner, Role: workspace.Owner, JoinedAt: recorded.RecordedAt}),
		}
	case workspace.InvitationAccepted:
		changes := []rows.Change{members.Put(memberRow{
			Workspace: ws, User: e.Member, Role: e.Role,
			AddAccounts: e.Access.AddAccounts, ManagePosts: e.Access.ManagePosts, Auditor: e.Auditor,
			RequireTwoFactor: e.RequireTwoFactor, JoinedAt: recorded.RecordedAt,
		})}
		return append(changes, allAssigned(ws, e.Member, e.Assignments)...)
	case workspace.MemberRemoved:
		return gone(ws, e.Member, e.OfferLapsed)
	case workspace.MemberLeft:
		return gone(ws, e.Member, e.OfferLapsed)
	case workspace.OwnershipTransferred:
		return transferred(ws, recorded.RecordedAt, e)
	}
	if changes := handleWorkspaces(recorded); changes != nil {
		return changes
	}
	return append(handleSettings(recorded), handleAssignments(recorded)...)
}

// allAssigned are the rows of all of a member's assignments.
func allAssigned(ws domain.WorkspaceID, member domain.UserID, all []workspace.Assignment) []rows.Change {
	var changes []rows.Change
	for _, assignment := range all {
		changes = append(changes, assigned(ws, member, assignment))
	}
	return changes
}

// gone takes a member, their assignments, and an ownership that they were offered.
func gone(ws domain.WorkspaceID, member domain.UserID, offerLapsed bool) []rows.Change {
	changes := []rows.Change{
		members.Delete(rows.Values{"workspace_id": ws, "user_id": member}),
		assignments.Delete(rows.Values{"workspace_id": ws, "user_id": member}),
	}
	if offerLapsed {
		changes = append(changes, workspaces.Patch(rows.Values{"workspace_id": ws}, rows.Values{"offered_to": domain.UserID{}}))
	}
	return changes
}

// transferred makes the old Owner an Admin with every account (R11).
func transferred(ws domain.WorkspaceID, at time.Time, e workspace.OwnershipTransferred) []rows.Change {
	role := func(user domain.UserID, role workspace.Role) rows.Change {
		return members.Patch(rows.Values{"workspace_id": ws, "user_id": user}, rows.Values{
			"role": role, "add_accounts": false, "manage_posts": false, "auditor": false,
		})
	}
	changes := []rows.Change{
		workspaces.Patch(rows.Values{"workspace_id": ws}, rows.Values{"owner_id": e.To, "owned_since": at, "offered_to": domain.UserID{}}),
		role(e.From, workspace.Admin), role(e.To, workspace.Owner),
		assignments.Delete(rows.Values{"workspace_id": ws, "user_id": e.To}),
	}
	return append(changes, allAssigned(ws, e.From, e.Assignments)...)
}

// assigned is an assignment's row; who has no level is full.
func assigned(ws domain.WorkspaceID, member domain.UserID, assignment workspace.Assignment) rows.Change {
	level := assignment.PostingLevel
	if level == "" {
		level = workspace.Full
	}
	return assignments.Put(assignmentRow{
		Workspace: ws, User: member, Account: assignment.Account, PostingLevel: level,
		ApprovesPosts: assignment.ApprovesPosts, Mode: assignment.CredentialMode,
	})
}
