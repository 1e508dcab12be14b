package invitation

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/domain/workspace"
)

// InviteClient offers a Client membership to an e-mail address (R14-R20, R24).
type InviteClient struct {
	Email            user.Email             `json:"email" maxLength:"254" doc:"Address that receives the invitation."`
	Access           workspace.ClientAccess `json:"access" doc:"Both flags unset means read-only (R15)."`
	RequireTwoFactor bool                   `json:"require_two_factor,omitempty" doc:"Whether the Client must enable two-factor authentication (R63)."`
	Assignments      []workspace.Assignment `json:"assignments,omitempty" maxItems:"1000" doc:"The social accounts that the Client gets."`

	Person domain.UserID `json:"-"` // whose address it is; filled in from the index of addresses
}

// Decide refuses with R2 or R5 (not the Owner), R19 (no credential mode with
// manage_posts, or one without), R27 (an account the workspace does not hold),
// R50 (a posting level that only Editors have) or R24 (already a member). A pending invitation of the same person is replaced.
func (c InviteClient) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	events, err := invite(w, by, inviting{
		email: c.Email, person: c.Person, offered: workspace.Member{Role: workspace.Client, Access: c.Access}, assignments: c.Assignments,
	})
	if err != nil {
		return nil, err
	}
	return append(events, workspace.ClientInvited{
		Invitation: by.NewInvitationID(), Generation: 1,
		Person: c.Person, Email: personal.New(c.Person, string(c.Email)),
		Access: c.Access, RequireTwoFactor: c.RequireTwoFactor, Assignments: c.Assignments,
		ExpiresAt: by.Now.Add(Life),
	}), nil
}

// Invitee is the address, and where to put the person whose it is.
func (c *InviteClient) Invitee() (user.Email, *domain.UserID) { return c.Email, &c.Person }
