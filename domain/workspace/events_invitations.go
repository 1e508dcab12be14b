package workspace

import (
	"time"

	"behalf/domain"
	"behalf/domain/personal"
)

// Invited is an event that offers membership to a person, whatever the role.
type Invited interface {
	domain.Event
	Offer() Offer
}

// Offer is what an invitation offers to whom. What was amended since is in the
// state's Invitation.
type Offer struct {
	Invitation       domain.InvitationID
	Generation       int           // of the link; resending raises it (R23)
	Person           domain.UserID // whose address it is, registered or not
	Email            personal.Text
	Role             Role
	Access           ClientAccess
	Auditor          bool
	RequireTwoFactor bool
	Assignments      []Assignment
	ExpiresAt        time.Time
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

// AdminInvited: the Owner offered an Admin membership to a person (R25).
type AdminInvited struct {
	Invitation       domain.InvitationID `json:"invitation"`
	Generation       int                 `json:"generation"`
	Person           domain.UserID       `json:"person"`
	Email            personal.Text       `json:"email"`
	AddAccounts      bool                `json:"add_accounts,omitempty"` // R7
	RequireTwoFactor bool                `json:"require_two_factor,omitempty"`
	Assignments      []Assignment        `json:"assignments,omitempty"`
	ExpiresAt        time.Time           `json:"expires_at"`
}

// EditorInvited: the Owner or an Admin offered an Editor membership to a person (R5, R25).
type EditorInvited struct {
	Invitation       domain.InvitationID `json:"invitation"`
	Generation       int                 `json:"generation"`
	Person           domain.UserID       `json:"person"`
	Email            personal.Text       `json:"email"`
	RequireTwoFactor bool                `json:"require_two_factor,omitempty"`
	Assignments      []Assignment        `json:"assignments,omitempty"`
	ExpiresAt        time.Time           `json:"expires_at"`
}

// AuditorInvited: the Owner offered an outsider to read the history, and
// nothing else: a read-only Client without accounts, who is an auditor (R65).
type AuditorInvited struct {
	Invitation       domain.InvitationID `json:"invitation"`
	Generation       int                 `json:"generation"`
	Person           domain.UserID       `json:"person"`
	Email            personal.Text       `json:"email"`
	RequireTwoFactor bool                `json:"require_two_factor,omitempty"`
	ExpiresAt        time.Time           `json:"expires_at"`
}

// Offer implements Invited.
func (e ClientInvited) Offer() Offer {
	return Offer{
		Invitation: e.Invitation, Generation: e.Generation, Person: e.Person, Email: e.Email, Role: Client, Access: e.Access,
		RequireTwoFactor: e.RequireTwoFactor, Assignments: e.Assignments, ExpiresAt: e.ExpiresAt,
	}
}

// Offer implements Invited.
func (e AdminInvited) Offer() Offer {
	return Offer{
		Invitation: e.Invitation, Generation: e.Generation, Person: e.Person, Email: e.Email, Role: Admin,
		Access: ClientAccess{AddAccounts: e.AddAccounts}, RequireTwoFactor: e.RequireTwoFactor, Assignments: e.Assignments, ExpiresAt: e.ExpiresAt,
	}
}

// Offer implements Invited.
func (e EditorInvited) Offer() Offer {
	return Offer{
		Invitation: e.Invitation, Generation: e.Generation, Person: e.Person, Email: e.Email, Role: Editor,
		RequireTwoFactor: e.RequireTwoFactor, Assignments: e.Assignments, ExpiresAt: e.ExpiresAt,
	}
}

// Offer implements Invited.
func (e AuditorInvited) Offer() Offer {
	return Offer{
		Invitation: e.Invitation, Generation: e.Generation, Person: e.Person, Email: e.Email, Role: Client, Auditor: true,
		RequireTwoFactor: e.RequireTwoFactor, ExpiresAt: e.ExpiresAt,
	}
}

// InvitationAmended: a pending invitation offers something else from now on:
// this. Its link stays as it is.
type InvitationAmended struct {
	Invitation       domain.InvitationID `json:"invitation"`
	Role             Role                `json:"role"`
	Access           ClientAccess        `json:"access"`
	Auditor          bool                `json:"auditor,omitempty"`
	RequireTwoFactor bool                `json:"require_two_factor,omitempty"`
	Assignments      []Assignment        `json:"assignments,omitempty"` // by account
}

// InvitationResent: a pending or expired invitation has a new link, and the
// old one is dead (R22, R23).
type InvitationResent struct {
	Invitation domain.InvitationID `json:"invitation"`
	Generation int                 `json:"generation"`
	ExpiresAt  time.Time           `json:"expires_at"`
}

// InvitationRevoked: the offer was taken back (R22).
type InvitationRevoked struct {
	Invitation domain.InvitationID `json:"invitation"`
}

// InvitationDeclined: the invited person does not want it.
type InvitationDeclined struct {
	Invitation domain.InvitationID `json:"invitation"`
}

// InvitationExpired: nobody had answered it by its time (R23).
type InvitationExpired struct {
	Invitation domain.InvitationID `json:"invitation"`
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
	Auditor          bool                `json:"auditor,omitempty"`
	RequireTwoFactor bool                `json:"require_two_factor,omitempty"`
	Assignments      []Assignment        `json:"assignments,omitempty"`
	Dropped          []domain.AccountID  `json:"dropped,omitempty"` // offered, but gone meanwhile (R26)
}

// The events' names in the log.

func (ClientInvited) EventType() string        { return "workspace.client_invited.v1" }
func (AdminInvited) EventType() string         { return "workspace.admin_invited.v1" }
func (EditorInvited) EventType() string        { return "workspace.editor_invited.v1" }
func (AuditorInvited) EventType() string       { return "workspace.auditor_invited.v1" }
func (InvitationAmended) EventType() string    { return "workspace.invitation_amended.v1" }
func (InvitationResent) EventType() string     { return "workspace.invitation_resent.v1" }
func (InvitationRevoked) EventType() string    { return "workspace.invitation_revoked.v1" }
func (InvitationDeclined) EventType() string   { return "workspace.invitation_declined.v1" }
func (InvitationExpired) EventType() string    { return "workspace.invitation_expired.v1" }
func (InvitationSuperseded) EventType() string { return "workspace.invitation_superseded.v1" }
func (InvitationAccepted) EventType() string   { return "workspace.invitation_accepted.v1" }
