package workspace

import (
	"time"

	"behalf/domain"
)

// Created: a user opened the workspace and is its Owner (R2).
type Created struct {
	Name  string        `json:"name"`
	Owner domain.UserID `json:"owner"`
}

// Renamed: the Owner gave the workspace another name (R13).
type Renamed struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// OwnershipOffered: the Owner offered the workspace to a member (R11). An
// offer to somebody else replaces it.
type OwnershipOffered struct {
	To domain.UserID `json:"to"`
}

// OwnershipOfferWithdrawn: the Owner took the offer back.
type OwnershipOfferWithdrawn struct {
	To domain.UserID `json:"to"`
}

// OwnershipDeclined: the member who was offered the workspace does not want it.
type OwnershipDeclined struct {
	By domain.UserID `json:"by"`
}

// OwnershipTransferred: the offer was accepted. The old Owner is an Admin from
// now on, with these assignments: every account, through their own connections (R11).
type OwnershipTransferred struct {
	From        domain.UserID `json:"from"`
	To          domain.UserID `json:"to"`
	Assignments []Assignment  `json:"assignments,omitempty"` // of the old Owner
}

// Closed: the Owner closed the workspace. Its history stays readable, nothing
// is published any more (R13).
type Closed struct{}

// DeletionScheduled: the Owner had the workspace deleted. Until then, it is
// closed, and the Owner may change their mind (R13).
type DeletionScheduled struct {
	Until time.Time `json:"until"`
}

// DeletionCancelled: the Owner changed their mind. A workspace that was closed
// before stays so.
type DeletionCancelled struct{}

// Deleted: the days of grace have passed. Nobody sees the workspace any more (R13).
type Deleted struct{}

// PublishingPaused: nothing is sent from now on, in the whole workspace or to
// one account (R68).
type PublishingPaused struct {
	Account domain.AccountID `json:"account,omitzero"` // none: the whole workspace
}

// PublishingResumed: what has not been missed meanwhile is sent again (R68).
type PublishingResumed struct {
	Account domain.AccountID `json:"account,omitzero"` // none: the whole workspace
}

// GraceSet: posts may be sent so long after their time from now on (R56).
type GraceSet struct {
	FromMinutes int `json:"from_minutes"`
	ToMinutes   int `json:"to_minutes"`
}

// AccountAdded: the workspace holds one more social account.
type AccountAdded struct {
	Account       domain.AccountID `json:"account"`
	Network       string           `json:"network"`
	Remote        string           `json:"remote"` // the network's own id of the account
	Name          string           `json:"name"`
	AddedBy       domain.UserID    `json:"added_by"`
	HasIdentities bool             `json:"has_identities,omitempty"` // the network knows a posting identity (R40)
	URL           string           `json:"url,omitempty"`            // where people see it
	ByHand        bool             `json:"by_hand,omitempty"`        // the network takes no posts from programs: see IsByHand
}

// IsByHand reports whether a person posts by hand what is due there, so that no
// connection is needed (R44). Before ByHand was noted, Facebook Groups was the one
// network of that kind.
func (e AccountAdded) IsByHand() bool { return e.ByHand || e.Network == "facebook_groups" }

// AccountRemoved: the workspace does not hold the account any more (R7).
// Nobody is assigned to it; every connection to it is of no more use.
type AccountRemoved struct {
	Account    domain.AccountID `json:"account"`
	Name       string           `json:"name,omitempty"` // as it was called
	Network    string           `json:"network,omitempty"`
	Stopped    []domain.PostID  `json:"stopped,omitempty"`    // that would still have been published there, as far as the views knew
	Unassigned []domain.UserID  `json:"unassigned,omitempty"` // who had it, by id
}

// ClientApprovalChanged: how many of an account's approving Clients have to
// approve is another from now on (R51).
type ClientApprovalChanged struct {
	Account domain.AccountID `json:"account"`
	From    ClientApproval   `json:"from"`
	To      ClientApproval   `json:"to"`
}

// The events' names in the log.

func (Created) EventType() string                 { return "workspace.created.v1" }
func (Renamed) EventType() string                 { return "workspace.renamed.v1" }
func (OwnershipOffered) EventType() string        { return "workspace.ownership_offered.v1" }
func (OwnershipOfferWithdrawn) EventType() string { return "workspace.ownership_offer_withdrawn.v1" }
func (OwnershipDeclined) EventType() string       { return "workspace.ownership_declined.v1" }
func (OwnershipTransferred) EventType() string    { return "workspace.ownership_transferred.v1" }
func (Closed) EventType() string                  { return "workspace.closed.v1" }
func (DeletionScheduled) EventType() string       { return "workspace.deletion_scheduled.v1" }
func (DeletionCancelled) EventType() string       { return "workspace.deletion_cancelled.v1" }
func (Deleted) EventType() string                 { return "workspace.deleted.v1" }
func (PublishingPaused) EventType() string        { return "workspace.publishing_paused.v1" }
func (PublishingResumed) EventType() string       { return "workspace.publishing_resumed.v1" }
func (GraceSet) EventType() string                { return "workspace.grace_set.v1" }
func (AccountAdded) EventType() string            { return "workspace.account_added.v1" }
func (AccountRemoved) EventType() string          { return "workspace.account_removed.v1" }
func (ClientApprovalChanged) EventType() string   { return "workspace.client_approval_changed.v1" }
