package workspace

import "behalf/domain"

// MayManage answers whether the actor may invite, change or remove members of
// a role: the Owner everybody (R2), an Admin Editors and nobody else (R5).
func (w Workspace) MayManage(by domain.Actor, role Role) (Member, error) {
	manager, err := w.Admit(by)
	switch {
	case err != nil:
		return Member{}, err
	case manager.Role == Owner, manager.Role == Admin && role == Editor:
		return manager, nil
	case manager.Role == Admin:
		return Member{}, domain.Forbid(domain.R5, "owner_only", "Admins and Clients are the Owner's to manage.")
	default:
		return Member{}, domain.Forbid(domain.R2, "owner_only", "Only the Owner may do this.")
	}
}

// OwnerOnly admits the Owner and refuses all other members with the rule.
func (w Workspace) OwnerOnly(by domain.Actor, rule domain.Rule) error {
	member, err := w.Admit(by)
	if err != nil {
		return err
	}
	return member.MustOwn(rule)
}

// MustOwn refuses with the rule every member but the Owner.
func (m Member) MustOwn(rule domain.Rule) error {
	if m.Role != Owner {
		return domain.Forbid(rule, "owner_only", "Only the Owner may do this.")
	}
	return nil
}

// ManageOwned is Manage for what is the Owner's alone, whoever it is about.
func (w Workspace) ManageOwned(by domain.Actor, whom Whom, rule domain.Rule) (Subject, error) {
	if err := w.OwnerOnly(by, rule); err != nil {
		return Subject{}, err
	}
	return w.Subject(whom, by, rule)
}

// MayGrant refuses what an Admin does not have: the account (R6), mode owner on it (R8).
func (m Member) MayGrant(account domain.AccountID, mode CredentialMode) error {
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

// MayAddAccounts refuses whom R7 and R16 do not let add social accounts.
func (m Member) MayAddAccounts() error {
	if m.Role == Owner || m.Role != Editor && m.Access.AddAccounts {
		return nil
	}
	if m.Role == Admin {
		return domain.Forbid(domain.R7, "adding_not_granted", "The Owner has not granted you adding social accounts.")
	}
	return domain.Forbid(domain.R16, "adding_not_granted", "Your access does not include adding social accounts.")
}

// MayWrite refuses who writes no posts at all (R16, R17).
func (m Member) MayWrite() error {
	if m.Role == Client && !m.Access.ManagePosts {
		return domain.Forbid(domain.R17, "posting_not_granted", "Your access does not include creating posts.")
	}
	return nil
}

// MayAudit refuses who may not read the history (R65).
func (m Member) MayAudit() error {
	if m.Role == Owner || m.Auditor {
		return nil
	}
	return domain.Forbid(domain.R65, "auditors_only", "Only who may audit the workspace sees its history.")
}

// Holds reports whether the member sees and acts on the account: assigned (R27), or the Owner (R2).
func (m Member) Holds(account domain.AccountID) bool {
	_, assigned := m.Assignments[account]
	return assigned || m.Role == Owner
}

// Posts reports whether the member may publish to the account now (R2, R17, R27).
func (m Member) Posts(account domain.AccountID) bool {
	return m.Holds(account) && m.MayWrite() == nil
}

// ApprovesAsClient reports whether the member is a Client who approves posts on
// the account (R18, R51).
func (m Member) ApprovesAsClient(account domain.AccountID) bool {
	return m.Role == Client && m.Assignments[account].ApprovesPosts
}

// ChoosesIdentity reports whether the member chooses whom posts to the account
// appear as, where the network lets one choose (R36, R39).
func (m Member) ChoosesIdentity(account domain.AccountID) bool {
	return m.Role == Owner || m.Assignments[account].CredentialMode == MemberMode
}

// ApprovedByClient reports whether some Client approves posts on the account (R51).
func (w Workspace) ApprovedByClient(account domain.AccountID) bool {
	for _, member := range w.Members {
		if member.ApprovesAsClient(account) {
			return true
		}
	}
	return false
}
