package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// RequireTwoFactor asks a member, or somebody who is invited, to enable
// two-factor authentication before anything else in this workspace (R63).
type RequireTwoFactor struct {
	workspace.Whom
}

// Decide refuses with R63 who may not ask that of this member. What is
// required already stays so.
func (c RequireTwoFactor) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := manageTwoFactor(w, by, c.Whom)
	if err != nil || of.RequireTwoFactor {
		return nil, err
	}
	return of.Becomes(workspace.TwoFactorRequired{Member: of.User}), nil
}

// manageTwoFactor finds of whom the Owner requires it, or an Admin: of Editors
// and Clients.
func manageTwoFactor(w workspace.Workspace, by domain.Actor, whom workspace.Whom) (workspace.Subject, error) {
	manager, err := w.Admit(by)
	if err != nil {
		return workspace.Subject{}, err
	}
	of, missing := w.Subject(whom, by, domain.R63)
	switch {
	case manager.Role == workspace.Owner:
		return of, missing
	case manager.Role != workspace.Admin:
		return workspace.Subject{}, domain.Forbid(domain.R63, "owner_and_admins_require", "The Owner and the Admins require two-factor authentication.")
	case of.Role != workspace.Editor && of.Role != workspace.Client:
		return workspace.Subject{}, domain.Forbid(domain.R63, "owner_only", "An Admin requires it of Editors and Clients alone.")
	default:
		return of, missing
	}
}
