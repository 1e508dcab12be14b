package workspace

import (
	"time"

	"behalf/domain"
	"behalf/domain/personal"
)

// Created: a user opened the workspace and is its Owner (R2).
type Created struct {
	Name  string        `json:"name"`
	Owner domain.UserID `json:"owner"`
}

// ClientInvited: the Owner offered a Client membership to a person (R14).
type ClientInvited struct {
	Invitation       domain.InvitationID `json:"invitation"`
	Generation       int                 `json:"generation"` // of the link; resending raises it (R23)
	Person           domain.UserID       `json:"person"`     // whose address it is, registered or not
	Email            personal.Text       `json:"email"`
	Access           ClientAccess        `json:"access"`
	RequireTwoFactor bool                `json:"require_two_factor,omitempty"`
	Assignments      []Assignment        `json:"assignments,omitempty"`
	ExpiresAt        time.Time           `json:"expires_at"`
}

// InvitationSuperseded: a newer invitation of the same person replaced this one (R24).
type InvitationSuperseded struct {
	Invitation domain.InvitationID `json:"invitation"`
}

// InvitationAccepted: the invited person became a member (R22).
type InvitationAccepted struct {
	Invitation       domain.InvitationID `json:"invitation"`
	Member           domain.UserID       `json:"member"`
	Role             Role                `json:"role"`
	Access           ClientAccess        `json:"access"`
	RequireTwoFactor bool                `json:"require_two_factor,omitempty"`
	Assignments      []Assignment        `json:"assignments,omitempty"`
	Dropped          []domain.AccountID  `json:"dropped,omitempty"` // offered, but gone meanwhile (R26)
}

// CredentialModeChanged: a member's posts to an account go out through another connection from now on (R33).
type CredentialModeChanged struct {
	Member  domain.UserID    `json:"member"`
	Account domain.AccountID `json:"account"`
	From    CredentialMode   `json:"from,omitempty"`
	To      CredentialMode   `json:"to"`
}

// AccountAdded: the workspace holds one more social account.
type AccountAdded struct {
	Account       domain.AccountID `json:"account"`
	Network       string           `json:"network"`
	Remote        string           `json:"remote"` // the network's own id of the account
	Name          string           `json:"name"`
	AddedBy       domain.UserID    `json:"added_by"`
	HasIdentities bool             `json:"has_identities,omitempty"` // the network knows a posting identity (R40)
}

// AccountAssigned: a member was given an account, with these settings.
type AccountAssigned struct {
	Member     domain.UserID `json:"member"`
	Assignment Assignment    `json:"assignment"`
}

// The events' names in the log.

func (Created) EventType() string               { return "workspace.created.v1" }
func (ClientInvited) EventType() string         { return "workspace.client_invited.v1" }
func (InvitationSuperseded) EventType() string  { return "workspace.invitation_superseded.v1" }
func (InvitationAccepted) EventType() string    { return "workspace.invitation_accepted.v1" }
func (CredentialModeChanged) EventType() string { return "workspace.credential_mode_changed.v1" }
func (AccountAdded) EventType() string          { return "workspace.account_added.v1" }
func (AccountAssigned) EventType() string       { return "workspace.account_assigned.v1" }
