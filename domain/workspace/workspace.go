// Package workspace holds the tenant: who is a member with which role, what
// has been offered to whom, and which social accounts the workspace holds.
// The whole membership history is this one stream.
package workspace

import (
	"maps"
	"time"

	"behalf/domain"
)

// Workspace is folded from its stream.
type Workspace struct {
	ID          domain.WorkspaceID // known to whoever loads it, not part of any event
	Name        string
	Owner       domain.UserID
	Members     map[domain.UserID]Member
	Invitations map[domain.InvitationID]Invitation
	Accounts    map[domain.AccountID]Account
}

// Member is a user with a role.
type Member struct {
	User             domain.UserID
	Role             Role
	Access           ClientAccess
	RequireTwoFactor bool
	Assignments      map[domain.AccountID]Assignment
}

// Invitation is an offer of membership.
type Invitation struct {
	ID         domain.InvitationID
	Generation int
	Person     domain.UserID
	Role       Role
	Offer      ClientInvited
	ExpiresAt  time.Time
	Status     InvitationStatus
}

// InvitationStatus is how far an invitation has come. Expiry is a matter of
// the clock: a pending invitation whose ExpiresAt has passed is expired.
type InvitationStatus string

// The statuses that history records.
const (
	Pending    InvitationStatus = "pending"
	Accepted   InvitationStatus = "accepted"
	Superseded InvitationStatus = "superseded"
)

// Account is a social account as the workspace knows it.
type Account struct {
	Network       string
	Remote        string
	Name          string
	AddedBy       domain.UserID
	HasIdentities bool
}

// Stream names the workspace's stream.
func Stream(id domain.WorkspaceID) domain.Stream { return domain.StreamOf(domain.WorkspaceStreams, id) }

// Exists reports whether the workspace was ever created.
func (w Workspace) Exists() bool { return !w.Owner.IsZero() }

// Admit returns the acting member, or the answer of R32 for everybody else.
// Whose membership requires a second factor that they have not proved gets no
// further than that (R63).
func (w Workspace) Admit(by domain.Actor) (Member, error) {
	member, ok := w.Members[by.User]
	if by.User.IsZero() || !ok {
		return Member{}, domain.Hidden()
	}
	if member.RequireTwoFactor && !by.TwoFactor {
		return Member{}, domain.Forbid(domain.R63, "two_factor_required", "This workspace asks you to enable two-factor authentication first.")
	}
	return member, nil
}

// AccountOf finds the held account that is known to network as remote.
func (w Workspace) AccountOf(network, remote string) (domain.AccountID, bool) {
	for id, account := range w.Accounts {
		if account.Network == network && account.Remote == remote {
			return id, true
		}
	}
	return domain.AccountID{}, false
}

// Clone returns an independent copy.
func (w *Workspace) Clone() domain.State {
	clone := *w
	clone.Members = maps.Clone(w.Members)
	clone.Invitations = maps.Clone(w.Invitations)
	clone.Accounts = maps.Clone(w.Accounts)
	return &clone
}
