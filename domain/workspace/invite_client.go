package workspace

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
)

// InviteClient offers a Client membership to an e-mail address (R14-R20, R24).
type InviteClient struct {
	Email            user.Email   `json:"email" maxLength:"254" doc:"Address that receives the invitation."`
	Access           ClientAccess `json:"access" doc:"Both flags unset means read-only (R15)."`
	RequireTwoFactor bool         `json:"require_two_factor,omitempty" doc:"Whether the Client must enable two-factor authentication (R63)."`
	Assignments      []Assignment `json:"assignments,omitempty" maxItems:"1000" doc:"The social accounts that the Client gets."`

	Person domain.UserID `json:"-"` // whose address it is; filled in from the index of addresses
}

// Decide refuses with R2 or R5 (not the Owner), R19 (no credential mode with
// manage_posts, or one without), R27 (an account the workspace does not hold),
// R50 (a posting level that only Editors have) or R24 (already a member). A pending invitation of the same person is replaced.
func (c InviteClient) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	events, err := w.invite(by, inviting{
		email: c.Email, person: c.Person, offered: Member{Role: Client, Access: c.Access}, assignments: c.Assignments,
	})
	if err != nil {
		return nil, err
	}
	return append(events, ClientInvited{
		Invitation: by.NewInvitationID(), Generation: 1,
		Person: c.Person, Email: personal.New(c.Person, string(c.Email)),
		Access: c.Access, RequireTwoFactor: c.RequireTwoFactor, Assignments: c.Assignments,
		ExpiresAt: by.Now.Add(InvitationLife),
	}), nil
}

// Invitee is the address, and where to put the person whose it is.
func (c *InviteClient) Invitee() (user.Email, *domain.UserID) { return c.Email, &c.Person }
