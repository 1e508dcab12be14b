package invitation

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/domain/workspace"
)

// InviteEditor offers an Editor membership to an e-mail address (R5, R24, R25).
type InviteEditor struct {
	Email            user.Email             `json:"email" maxLength:"254" doc:"Address that receives the invitation."`
	RequireTwoFactor bool                   `json:"require_two_factor,omitempty" doc:"Whether the Editor must enable two-factor authentication (R63)."`
	Assignments      []workspace.Assignment `json:"assignments,omitempty" maxItems:"1000" doc:"The social accounts that the Editor gets, each with a credential mode and, unless it is full, a posting level."`

	Person domain.UserID `json:"-"` // whose address it is; filled in from the index of addresses
}

// Decide refuses with R2 (neither the Owner nor an Admin), R6 or R8 (an Admin
// beyond what the Admin has), R33 (no credential mode), R18 (what only Clients
// have), R27 (an account the workspace does not hold), R24 (already a member) or
// R5 (an Admin who would replace another role's invitation).
func (c InviteEditor) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	events, err := invite(w, by, inviting{
		email: c.Email, person: c.Person, offered: workspace.Member{Role: workspace.Editor}, assignments: c.Assignments,
	})
	if err != nil {
		return nil, err
	}
	return append(events, workspace.EditorInvited{
		Invitation: by.NewInvitationID(), Generation: 1,
		Person: c.Person, Email: personal.New(c.Person, string(c.Email)),
		RequireTwoFactor: c.RequireTwoFactor, Assignments: c.Assignments,
		ExpiresAt: by.Now.Add(Life),
	}), nil
}

// Invitee is the address, and where to put the person whose it is.
func (c *InviteEditor) Invitee() (user.Email, *domain.UserID) { return c.Email, &c.Person }
