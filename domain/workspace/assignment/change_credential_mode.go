package assignment

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// ChangeCredentialMode sets whose connection a member's posts to an account go
// out through, scheduled ones included: the mode is read when publishing (R33, R42).
type ChangeCredentialMode struct {
	Member     domain.UserID            `json:"member,omitempty" doc:"Whose assignment changes. Name either a member or an invitation."`
	Invitation domain.InvitationID      `json:"invitation,omitempty" doc:"A pending invitation, whose offer is changed."`
	Account    domain.AccountID         `json:"account" doc:"On which social account."`
	Mode       workspace.CredentialMode `json:"mode" enum:"owner,member" doc:"owner: the Owner's connection; member: the member's own."`

	Stranded []domain.PostID `json:"-"` // scheduled posts without a usable connection in the new mode (R48); looked up
}

// Decide refuses with R2 or R5 (not theirs to manage), R6 and R8 (an Admin
// beyond what the Admin has), R19 (a Client without manage_posts), R33 (not
// assigned) or R42 (the Owner has no mode). The mode that is set already
// changes nothing. Posts that are stranded do not hinder it: the event names them (R48).
func (c ChangeCredentialMode) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	manager, of, err := w.Manage(by, c.whom(), domain.R33)
	if err != nil {
		return nil, err
	}
	if err := workspace.CheckMode(c.Mode, "mode", domain.R33); err != nil {
		return nil, err
	}
	assignment, assigned := of.Assignments[c.Account]
	switch {
	case of.Role == workspace.Owner:
		return nil, domain.Clash(domain.R42, "owner_has_no_mode", "The Owner always publishes through the Owner's connection.")
	case !assigned:
		return nil, domain.Wrong(domain.R33, "account", "not_assigned", "The member does not have this account.")
	case of.MayWrite() != nil:
		return nil, domain.Clash(domain.R19, "mode_without_manage_posts", "A credential mode goes only with manage_posts.")
	}
	if err := manager.MayGrant(c.Account, c.Mode); err != nil {
		return nil, err
	}
	if assignment.CredentialMode == c.Mode {
		return nil, nil
	}
	return of.Becomes(workspace.CredentialModeChanged{
		Member: of.User, Account: c.Account, From: assignment.CredentialMode, To: c.Mode, Stranded: c.Stranded,
	}), nil
}

func (c ChangeCredentialMode) whom() workspace.Whom {
	return workspace.Whom{Member: c.Member, Invitation: c.Invitation}
}
