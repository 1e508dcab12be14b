package workspace

import "behalf/domain"

// ChangeCredentialMode sets whose connection a member's posts to an account go
// out through, scheduled ones included: the mode is read when publishing (R33, R42).
type ChangeCredentialMode struct {
	Member  domain.UserID    `json:"member" doc:"Whose assignment changes."`
	Account domain.AccountID `json:"account" doc:"On which social account."`
	Mode    CredentialMode   `json:"mode" enum:"owner,member" doc:"owner: the Owner's connection; member: the member's own."`
}

// Decide refuses with R2 or R5 (not theirs to manage), R6 and R8 (an Admin
// beyond what the Admin has), R19 (a Client without manage_posts), R33 (not
// assigned) or R42 (the Owner has no mode). The mode that is set already
// changes nothing.
func (c ChangeCredentialMode) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	if _, err := w.Admit(by); err != nil {
		return nil, err
	}
	member := w.Members[c.Member]
	manager, err := w.mayManage(by, member.Role)
	if err != nil {
		return nil, err
	}
	if err := checkMode(c.Mode, "mode", domain.R33); err != nil {
		return nil, err
	}
	assignment, assigned := member.Assignments[c.Account]
	switch {
	case member.User.IsZero():
		return nil, domain.Wrong(domain.R33, "member", "unknown_member", "This user is not a member.")
	case member.Role == Owner:
		return nil, domain.Clash(domain.R42, "owner_has_no_mode", "The Owner always publishes through the Owner's connection.")
	case !assigned:
		return nil, domain.Wrong(domain.R33, "account", "not_assigned", "The member does not have this account.")
	case member.MayWrite() != nil:
		return nil, domain.Clash(domain.R19, "mode_without_manage_posts", "A credential mode goes only with manage_posts.")
	}
	if err := manager.mayGrant(c.Account, c.Mode); err != nil {
		return nil, err
	}
	if assignment.CredentialMode == c.Mode {
		return nil, nil
	}
	return []domain.Event{CredentialModeChanged{
		Member: c.Member, Account: c.Account, From: assignment.CredentialMode, To: c.Mode,
	}}, nil
}

// mayGrant refuses what an Admin does not have: the account (R6), mode owner on it (R8).
func (m Member) mayGrant(account domain.AccountID, mode CredentialMode) error {
	if m.Role == Owner {
		return nil
	}
	own, assigned := m.Assignments[account]
	if !assigned {
		return domain.Forbid(domain.R6, "account_not_yours", "You manage assignments only on accounts that you have.")
	}
	if mode == OwnerMode && own.CredentialMode != OwnerMode {
		return domain.Forbid(domain.R8, "grant_beyond_own", "You publish through your own connection here and cannot grant the Owner's.")
	}
	return nil
}
