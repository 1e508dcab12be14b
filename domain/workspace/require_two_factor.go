package workspace

import "behalf/domain"

// RequireTwoFactor asks a member, or somebody who is invited, to enable
// two-factor authentication before anything else in this workspace (R63).
type RequireTwoFactor struct {
	Whom
}

// Decide refuses with R63 who may not ask that of this member. What is
// required already stays so.
func (c RequireTwoFactor) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := w.manageTwoFactor(by, c.Whom)
	if err != nil || of.RequireTwoFactor {
		return nil, err
	}
	return of.becomes(TwoFactorRequired{Member: of.User}), nil
}

// manageTwoFactor finds of whom the Owner requires it, or an Admin: of Editors
// and Clients.
func (w Workspace) manageTwoFactor(by domain.Actor, whom Whom) (subject, error) {
	manager, err := w.Admit(by)
	if err != nil {
		return subject{}, err
	}
	of, missing := w.subject(whom, by, domain.R63)
	switch {
	case manager.Role == Owner:
		return of, missing
	case manager.Role != Admin:
		return subject{}, domain.Forbid(domain.R63, "owner_and_admins_require", "The Owner and the Admins require two-factor authentication.")
	case of.Role != Editor && of.Role != Client:
		return subject{}, domain.Forbid(domain.R63, "owner_only", "An Admin requires it of Editors and Clients alone.")
	default:
		return of, missing
	}
}
