// Package workspace holds the tenant: who is a member with which role, what
// has been offered to whom, and which social accounts the workspace holds.
// The whole membership history is this one stream.
//
// Here are its state, its events, who may do what, and the commands about the
// workspace itself. The other commands live in rooms below, by subject.
package workspace

import (
	"bytes"
	"maps"
	"slices"
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

	OfferedTo domain.UserID // who may accept the ownership; zero while it is not offered (R11)
	Paused    bool          // nothing is sent (R68)
	Grace     time.Duration // as the Owner has set it; zero before, see EffectiveGrace (R56)
	Closed    bool          // by the Owner; a workspace that is to be deleted is closed as well (R13)
	DeleteAt  time.Time     // when the days of grace end; zero unless it is to be deleted (R13)
	Deleted   bool

	Export Export // the newest that was asked for; zero before
}

// Export is an archive of everything that the workspace holds (R13).
type Export struct {
	ID    domain.ExportID
	Until time.Time // when nobody waits any more for it to be made
	Ready bool
}

// Member is a user with a role.
type Member struct {
	User             domain.UserID
	Role             Role
	Access           ClientAccess
	Auditor          bool // reads the history (R65), as the Owner does anyway
	RequireTwoFactor bool
	Assignments      map[domain.AccountID]Assignment
}

// Invitation is an offer of membership.
type Invitation struct {
	ID         domain.InvitationID
	Generation int
	Person     domain.UserID
	Role       Role
	Offer      Offer // as amended since
	ExpiresAt  time.Time
	Status     InvitationStatus
}

// InvitationStatus is how far an invitation has come. A pending invitation
// whose ExpiresAt has passed is expired, whether or not that was recorded yet.
type InvitationStatus string

// The statuses that history records.
const (
	Pending    InvitationStatus = "pending"
	Accepted   InvitationStatus = "accepted"
	Declined   InvitationStatus = "declined"
	Revoked    InvitationStatus = "revoked"
	Expired    InvitationStatus = "expired"
	Superseded InvitationStatus = "superseded"
)

// Account is a social account as the workspace knows it.
type Account struct {
	Network       string
	Remote        string
	Name          string
	URL           string // where people see it; empty where the network does not say
	AddedBy       domain.UserID
	HasIdentities bool
	ByHand        bool           // a person posts there, without any connection
	Paused        bool           // nothing is sent to it (R68)
	Approval      ClientApproval // of those Clients who approve posts to it (R51)
}

// ClientApproval says how many of the Clients who approve an account's posts
// have to approve one (R51).
type ClientApproval string

// The client approvals. Any one is what an account begins with.
const (
	AnyClient  ClientApproval = "any"
	AllClients ClientApproval = "all"
)

// Stream names the workspace's stream.
func Stream(id domain.WorkspaceID) domain.Stream { return domain.StreamOf(domain.WorkspaceStreams, id) }

// Exists reports whether the workspace was ever created.
func (w Workspace) Exists() bool { return !w.Owner.IsZero() }

// Admit returns the acting member, or the answer of R32 for everybody else.
// Whose membership requires a second factor that they have not proved gets no
// further than that (R63), and nobody in a closed workspace does (R13).
func (w Workspace) Admit(by domain.Actor) (Member, error) {
	member, err := w.AdmitReader(by)
	if err != nil {
		return Member{}, err
	}
	if err := w.MustBeOpen(); err != nil {
		return Member{}, err
	}
	return member, nil
}

// AdmitReader is Admit for who changes nothing: a closed workspace can still be read (R13).
func (w Workspace) AdmitReader(by domain.Actor) (Member, error) {
	member, ok := w.Members[by.User]
	if by.User.IsZero() || !ok || w.Deleted {
		return Member{}, domain.Hidden()
	}
	if member.RequireTwoFactor && !by.TwoFactor {
		return Member{}, domain.Forbid(domain.R63, "two_factor_required", "This workspace asks you to enable two-factor authentication first.")
	}
	return member, nil
}

// MustBeOpen refuses with R13 what would change a workspace that is closed or
// about to be deleted.
func (w Workspace) MustBeOpen() error {
	switch {
	case w.Deleted:
		return domain.Clash(domain.R13, "workspace_deleted", "This workspace was deleted.")
	case !w.DeleteAt.IsZero():
		return domain.Clash(domain.R13, "workspace_to_be_deleted", "This workspace will be deleted. Until then, the Owner can cancel that.")
	case w.Closed:
		return domain.Clash(domain.R13, "workspace_closed", "This workspace is closed. Its history can be read, and nothing changed.")
	default:
		return nil
	}
}

// AssignedTo lists who has an account, by id; not the Owner, who has every one.
func (w Workspace) AssignedTo(account domain.AccountID) (members []domain.UserID) {
	for id, member := range w.Members {
		if _, assigned := member.Assignments[account]; assigned {
			members = append(members, id)
		}
	}
	slices.SortFunc(members, func(a, b domain.UserID) int { return bytes.Compare(a[:], b[:]) })
	return members
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
