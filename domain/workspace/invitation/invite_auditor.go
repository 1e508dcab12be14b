package invitation

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/domain/workspace"
)

// InviteAuditor offers an e-mail address to read the history, and nothing
// else (R65). There are four roles (R1): an outside auditor is a Client with
// neither flag and without accounts, to whom `auditor` is granted.
type InviteAuditor struct {
	Email            user.Email `json:"email" maxLength:"254" doc:"Address that receives the invitation."`
	RequireTwoFactor bool       `json:"require_two_factor,omitempty" doc:"Whether the auditor must enable two-factor authentication (R63)."`

	Person domain.UserID `json:"-"` // whose address it is; filled in from the index of addresses
}

// Decide refuses with R65 (not the Owner) or R24 (already a member, to whom
// `auditor` can be granted).
func (c InviteAuditor) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := w.OwnerOnly(by, domain.R65); err != nil {
		return nil, err
	}
	events, err := invite(w, by, inviting{email: c.Email, person: c.Person, offered: workspace.Member{Role: workspace.Client, Auditor: true}})
	if err != nil {
		return nil, err
	}
	return append(events, workspace.AuditorInvited{
		Invitation: by.NewInvitationID(), Generation: 1,
		Person: c.Person, Email: personal.New(c.Person, string(c.Email)),
		RequireTwoFactor: c.RequireTwoFactor, ExpiresAt: by.Now.Add(Life),
	}), nil
}

// Invitee is the address, and where to put the person whose it is.
func (c *InviteAuditor) Invitee() (user.Email, *domain.UserID) { return c.Email, &c.Person }
