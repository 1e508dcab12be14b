package workspace

import (
	"fmt"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
)

// InvitationLife is how long an invitation's link works (R23).
const InvitationLife = 7 * 24 * time.Hour

// maxAssignments bounds one invitation; no team's member holds more accounts.
const maxAssignments = 1000

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
	if _, err := w.mayManage(by, Client); err != nil {
		return nil, err
	}
	if err := c.Email.Check("email"); err != nil {
		return nil, err
	}
	if err := c.checkAssignments(w); err != nil {
		return nil, err
	}
	if _, member := w.Members[c.Person]; member {
		return nil, domain.Clash(domain.R24, "already_member", "This address belongs to a member already.")
	}
	return append(w.supersede(c.Person), ClientInvited{
		Invitation:       by.NewInvitationID(),
		Generation:       1,
		Person:           c.Person,
		Email:            personal.New(c.Person, string(c.Email)),
		Access:           c.Access,
		RequireTwoFactor: c.RequireTwoFactor,
		Assignments:      c.Assignments,
		ExpiresAt:        by.Now.Add(InvitationLife),
	}), nil
}

func (c InviteClient) checkAssignments(w Workspace) error {
	if len(c.Assignments) > maxAssignments {
		return domain.Wrong(0, "assignments", "too_many", "At most 1000 accounts can be assigned at once.")
	}
	seen := map[domain.AccountID]bool{}
	for i, assignment := range c.Assignments {
		at := fmt.Sprintf("assignments[%d]", i)
		if _, held := w.Accounts[assignment.Account]; !held {
			return domain.Wrong(domain.R27, at+".account", "unknown_account", "The workspace does not hold this account.")
		}
		if seen[assignment.Account] {
			return domain.Wrong(0, at+".account", "assigned_twice", "The account is assigned twice.")
		}
		seen[assignment.Account] = true
		if err := assignment.checkForClient(c.Access, at); err != nil {
			return err
		}
	}
	return nil
}

func (a Assignment) checkForClient(access ClientAccess, at string) error {
	if a.PostingLevel != "" && a.PostingLevel != Full {
		return domain.Wrong(domain.R50, at+".posting_level", "level_for_editors_only", "Only Editors have a posting level other than full.")
	}
	if !access.ManagePosts {
		if a.CredentialMode != NoMode {
			return domain.Wrong(domain.R19, at+".credential_mode", "mode_without_manage_posts", "A credential mode goes only with manage_posts.")
		}
		return nil
	}
	return checkMode(a.CredentialMode, at+".credential_mode", domain.R19)
}

func checkMode(mode CredentialMode, field string, rule domain.Rule) error {
	if mode != OwnerMode && mode != MemberMode {
		return domain.Wrong(rule, field, "mode_required", "Choose whose connection the posts go out through: owner or member.")
	}
	return nil
}

// supersede ends the person's pending invitations (R24).
func (w Workspace) supersede(person domain.UserID) []domain.Event {
	var events []domain.Event
	for id, invitation := range w.Invitations {
		if invitation.Person == person && invitation.Status == Pending {
			events = append(events, InvitationSuperseded{Invitation: id})
		}
	}
	return events
}
