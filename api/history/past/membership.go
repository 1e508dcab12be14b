package past

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// Membership is exactly who and what a workspace was made of at a moment (R65).
type Membership struct {
	Workspace   domain.WorkspaceID `json:"workspace" doc:"The workspace."`
	Name        string             `json:"name" doc:"What it was called."`
	Owner       domain.UserID      `json:"owner" doc:"Its Owner."`
	Version     int                `json:"version" doc:"How many events its history had."`
	Position    int64              `json:"position" doc:"The last of them in the log."`
	At          time.Time          `json:"at" doc:"The instant that invitations are judged by: the one asked for, or that of the last event."`
	OfferedTo   domain.UserID      `json:"ownership_offered_to,omitzero" doc:"Who could accept the ownership (R11)."`
	Paused      bool               `json:"paused,omitempty" doc:"Whether nothing was sent (R68)."`
	Grace       int                `json:"grace_minutes" doc:"How long after its time a post could still be sent (R56)."`
	Closed      bool               `json:"closed,omitempty" doc:"Whether it was closed (R13)."`
	DeleteAt    time.Time          `json:"delete_at,omitzero" doc:"When it was to be deleted (R13); absent unless it was."`
	Deleted     bool               `json:"deleted,omitempty" doc:"Whether it was deleted."`
	Members     []Member           `json:"members" doc:"The Owner first, then Admins, Editors, Clients; within a role by id."`
	Invitations []Invitation       `json:"invitations" doc:"Those that nobody had answered, by id."`
	Accounts    []Account          `json:"accounts" doc:"The social accounts that it held, by id."`
}

// Member is a member at that moment.
type Member struct {
	User             domain.UserID          `json:"user" doc:"Who."`
	Role             workspace.Role         `json:"role" enum:"owner,admin,editor,client" doc:"As what."`
	Access           workspace.ClientAccess `json:"access" doc:"A Client's flags; an Admin has add_accounts alone."`
	Auditor          bool                   `json:"auditor" doc:"Whether they could read the history (R65), as the Owner can anyway."`
	RequireTwoFactor bool                   `json:"require_two_factor" doc:"Whether two-factor was required of them (R63)."`
	Assignments      []workspace.Assignment `json:"assignments" doc:"Their accounts, by id."`
}

// Invitation is an offer that was open at that moment.
type Invitation struct {
	ID               domain.InvitationID    `json:"id" doc:"The invitation."`
	Status           string                 `json:"status" enum:"pending,expired" doc:"Whether its link still worked."`
	Role             workspace.Role         `json:"role" enum:"admin,editor,client" doc:"What was offered."`
	Person           domain.UserID          `json:"person" doc:"To whom."`
	Email            string                 `json:"email" doc:"At which address; \"erased person\" for one who was erased (R66)."`
	Access           workspace.ClientAccess `json:"access" doc:"What was offered."`
	Auditor          bool                   `json:"auditor" doc:"Whether reading the history was offered."`
	RequireTwoFactor bool                   `json:"require_two_factor" doc:"What was offered."`
	Assignments      []workspace.Assignment `json:"assignments" doc:"What was offered, by account."`
	ExpiresAt        time.Time              `json:"expires_at" doc:"Until when."`
}

// Account is a social account that the workspace held.
type Account struct {
	ID      domain.AccountID `json:"account" doc:"The account."`
	Network string           `json:"network" doc:"Where it is."`
	Name    string           `json:"name" doc:"What it was called."`
	AddedBy domain.UserID    `json:"added_by" doc:"Who added it."`
	Paused  bool             `json:"paused,omitempty" doc:"Whether nothing was sent to it (R68)."`

	ClientApproval workspace.ClientApproval `json:"client_approval" enum:"any,all" doc:"How many of its approving Clients had to approve (R51)."`
}

// State is a workspace as it was at a moment.
type State struct {
	*workspace.Workspace
	Last Event     // the last event that counts
	At   time.Time // what o'clock it was
}

// Membership is State, described. It fails with ErrNoWorkspace when there is
// nothing by then.
func (r Reader) Membership(ctx context.Context, scope eventstore.Scope, id domain.WorkspaceID, asOf Moment) (Membership, error) {
	state, err := r.State(ctx, scope, id, asOf)
	if err != nil {
		return Membership{}, err
	}
	return r.Describe(ctx, state)
}

// State folds the workspace's stream up to a moment.
func (r Reader) State(ctx context.Context, scope eventstore.Scope, id domain.WorkspaceID, asOf Moment) (State, error) {
	state := State{Workspace: &workspace.Workspace{ID: id}}
	err := r.each(ctx, scope, workspace.Stream(id), asOf, func(event Event) {
		state.Evolve(event.Event)
		state.Last = event
	})
	switch {
	case err != nil:
		return State{}, err
	case !state.Exists():
		return State{}, ErrNoWorkspace
	case !asOf.Instant.IsZero():
		state.At = asOf.Instant
	case asOf.Position > 0:
		state.At = state.Last.RecordedAt
	default:
		state.At = r.Now().UTC()
	}
	return state, nil
}

// Describe lists who and what is in a workspace.
func (r Reader) Describe(ctx context.Context, state State) (Membership, error) {
	w := state.Workspace
	invitations, err := r.openInvitations(ctx, w, state.At)
	if err != nil {
		return Membership{}, err
	}
	return Membership{
		Workspace: w.ID, Name: w.Name, Owner: w.Owner, Version: state.Last.Version, Position: state.Last.Position, At: state.At,
		OfferedTo: w.OfferedTo, Paused: w.Paused, Grace: w.GraceMinutes(), Closed: w.Closed, DeleteAt: w.DeleteAt, Deleted: w.Deleted,
		Members: membersOf(w), Invitations: invitations, Accounts: accountsOf(w),
	}, nil
}

var roles = []workspace.Role{workspace.Owner, workspace.Admin, workspace.Editor, workspace.Client}

func membersOf(w *workspace.Workspace) []Member {
	members := make([]Member, 0, len(w.Members))
	for _, m := range w.Members {
		members = append(members, Member{
			User: m.User, Role: m.Role, Access: m.Access, Auditor: m.Auditor, RequireTwoFactor: m.RequireTwoFactor,
			Assignments: byAccount(slices.Collect(maps.Values(m.Assignments))),
		})
	}
	slices.SortFunc(members, func(a, b Member) int {
		return cmp.Or(cmp.Compare(slices.Index(roles, a.Role), slices.Index(roles, b.Role)), cmp.Compare(a.User.String(), b.User.String()))
	})
	return members
}

// openInvitations are those that nobody has answered, their addresses in words.
func (r Reader) openInvitations(ctx context.Context, w *workspace.Workspace, at time.Time) ([]Invitation, error) {
	open := []Invitation{}
	for _, i := range w.Invitations {
		if i.Status != workspace.Pending {
			continue
		}
		status := "pending"
		if !at.Before(i.ExpiresAt) {
			status = "expired"
		}
		email := i.Offer.Email
		if err := r.Persons.Open(ctx, &email); err != nil {
			return nil, fmt.Errorf("open an address: %w", err)
		}
		open = append(open, Invitation{
			ID: i.ID, Status: status, Role: i.Role, Person: i.Person, Email: email.Reveal(), Access: i.Offer.Access,
			Auditor: i.Offer.Auditor, RequireTwoFactor: i.Offer.RequireTwoFactor, Assignments: byAccount(slices.Clone(i.Offer.Assignments)), ExpiresAt: i.ExpiresAt,
		})
	}
	slices.SortFunc(open, func(a, b Invitation) int { return cmp.Compare(a.ID.String(), b.ID.String()) })
	return open, nil
}

func accountsOf(w *workspace.Workspace) []Account {
	accounts := make([]Account, 0, len(w.Accounts))
	for id, a := range w.Accounts {
		accounts = append(accounts, Account{ID: id, Network: a.Network, Name: a.Name, AddedBy: a.AddedBy, Paused: a.Paused, ClientApproval: a.Approval})
	}
	slices.SortFunc(accounts, func(a, b Account) int { return cmp.Compare(a.ID.String(), b.ID.String()) })
	return accounts
}

func byAccount(assignments []workspace.Assignment) []workspace.Assignment {
	if assignments == nil {
		return []workspace.Assignment{}
	}
	slices.SortFunc(assignments, func(a, b workspace.Assignment) int { return cmp.Compare(a.Account.String(), b.Account.String()) })
	return assignments
}
