package invitation

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/domain/workspace"
)

// InviteAdmin offers an Admin membership to an e-mail address (R24, R25).
type InviteAdmin struct {
	Email            user.Email             `json:"email" maxLength:"254" doc:"Address that receives the invitation."`
	AddAccounts      bool                   `json:"add_accounts,omitempty" doc:"Whether the Admin may add social accounts (R7)."`
	RequireTwoFactor bool                   `json:"require_two_factor,omitempty" doc:"Whether the Admin must enable two-factor authentication (R63)."`
	Assignments      []workspace.Assignment `json:"assignments,omitempty" maxItems:"1000" doc:"The social accounts that the Admin gets, each with a credential mode."`

	Person domain.UserID `json:"-"` // whose address it is; filled in from the index of addresses
}

// Decide refuses with R2 or R5 (not the Owner), R33 (no credential mode), R18
// or R50 (what only Clients or Editors have), R27 (an account the workspace
// does not hold) or R24 (already a member).
func (c InviteAdmin) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	events, err := invite(w, by, inviting{
		email: c.Email, person: c.Person, offered: workspace.Member{Role: workspace.Admin}, assignments: c.Assignments,
	})
	if err != nil {
		return nil, err
	}
	return append(events, workspace.AdminInvited{
		Invitation: by.NewInvitationID(), Generation: 1,
		Person: c.Person, Email: personal.New(c.Person, string(c.Email)),
		AddAccounts: c.AddAccounts, RequireTwoFactor: c.RequireTwoFactor, Assignments: c.Assignments,
		ExpiresAt: by.Now.Add(Life),
	}), nil
}

// Invitee is the address, and where to put the person whose it is.
func (c *InviteAdmin) Invitee() (user.Email, *domain.UserID) { return c.Email, &c.Person }
